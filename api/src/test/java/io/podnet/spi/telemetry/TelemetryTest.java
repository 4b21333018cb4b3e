package io.podnet.spi.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podnet.api.MetricsListener;
import io.podnet.api.MetricsListener.Outcome;
import io.podnet.api.Occurrence;
import io.podnet.api.Phase;
import io.podnet.api.PodId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The seam between phases and those who want to know of them. */
class TelemetryTest {
    private static final PodId POD = new PodId("default", "web");

    @TempDir
    private Path directory;

    private record Told(Phase phase, Outcome outcome, Duration took) {}

    private final List<Told> told = new ArrayList<>();
    private final List<Occurrence> occurrences = new ArrayList<>();
    private final Telemetry telemetry = new Telemetry("node-a", Optional.of(new MetricsListener() {
        @Override
        public void onPhase(Phase phase, Outcome outcome, Duration took) {
            told.add(new Told(phase, outcome, took));
        }

        @Override
        public void onOccurrence(Occurrence occurrence) {
            occurrences.add(occurrence);
        }
    }));

    @Test
    void nothingIsMadeWhereNobodyWantsToKnow() {
        Telemetry off = Telemetry.of("node-a");
        for (Phase phase : Phase.values()) {
            assertThat(off.isOn(phase)).isFalse();
            assertThat(off.begin(phase, POD)).isSameAs(Observation.off());
        }
        assertThat(off.observe(Phase.POD_SET_UP, POD, () -> "done")).isEqualTo("done");
        off.occurred(Occurrence.PATH_PROBED, "node-b", "");
    }

    @Test
    void aListenerIsToldEachEndOnce() {
        assertThat(telemetry.observe(Phase.SERVICES_PLAN, "IPv4", () -> 1)).isEqualTo(1);
        RuntimeException thrown = new IllegalStateException("broken");
        assertThatThrownBy(() -> telemetry.observe(Phase.SET_UP_LINKS, POD, () -> {
                    throw thrown;
                }))
                .isSameAs(thrown);
        Observation twice = telemetry.begin(Phase.CNI_CALL, "bridge", "ADD");
        twice.failed("no answer");
        twice.succeeded();
        telemetry.occurred(Occurrence.OVERLAY_SWEPT, "route", "nobody wants it");
        assertThat(told)
                .extracting(Told::phase)
                .containsExactly(Phase.SERVICES_PLAN, Phase.SET_UP_LINKS, Phase.CNI_CALL);
        assertThat(told).extracting(Told::outcome).containsExactly(Outcome.SUCCEEDED, Outcome.FAILED, Outcome.FAILED);
        assertThat(told).allSatisfy(end -> assertThat(end.took().isNegative()).isFalse());
        assertThat(occurrences).containsExactly(Occurrence.OVERLAY_SWEPT);
    }

    @Test
    void phasesFollowEachOther() {
        Course course = telemetry.course(POD);
        course.succeeded();
        course.enter(Phase.SET_UP_JOURNAL);
        course.enter(Phase.SET_UP_NAMESPACE);
        assertThat(told).extracting(Told::phase).containsExactly(Phase.SET_UP_JOURNAL);
        course.end(List.of(new IllegalStateException("left")));
        assertThat(told).extracting(Told::outcome).containsExactly(Outcome.SUCCEEDED, Outcome.FAILED);
    }

    @Test
    void whateverAListenerThrowsReachesNobody() {
        List<Throwable> all =
                List.of(new IllegalStateException("one"), new AssertionError("two"), new IOException("not declared"));
        for (Throwable each : all) {
            Telemetry broken = new Telemetry("node-a", Optional.of(new MetricsListener() {
                @Override
                public void onPhase(Phase phase, Outcome outcome, Duration took) {
                    TelemetryTest.<RuntimeException>sneak(each);
                }

                @Override
                public void onOccurrence(Occurrence occurrence) {
                    TelemetryTest.<RuntimeException>sneak(each);
                }
            }));
            assertThat(broken.observe(Phase.NAMES_UPDATE, "", () -> 7)).isEqualTo(7);
            broken.occurred(Occurrence.PEER_REFUSED, "node-b", "");
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <X extends Throwable> void sneak(Throwable thrown) throws X {
        throw (X) thrown;
    }

    @Test
    void everyPhaseIsAnEventWithItsFields() throws IOException {
        Path file = directory.resolve("all.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("io.podnet.ForwardedQuery").withoutThreshold();
            recording.start();
            Telemetry recorded = Telemetry.of("node-a");
            for (Phase phase : Phase.values()) {
                assertThat(recorded.isOn(phase)).isTrue();
                recorded.begin(phase, "about", "detail").failed("so");
            }
            recorded.occurred(Occurrence.SERVICES_REPAIRED, "IPv4", "3 chains");
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("io.podnet."))
                .toList();
        assertThat(events).hasSize(Phase.values().length + 1).allSatisfy(event -> {
            assertThat(event.getEventType().getCategoryNames()).containsExactly("Podnet");
            assertThat(event.getEventType().getLabel()).isNotBlank();
            assertThat(event.getString("node")).isEqualTo("node-a");
        });
        for (Phase phase : Phase.values()) {
            assertThat(events)
                    .filteredOn(event ->
                            event.hasField("phase") && event.getString("phase").equals(phase.text()))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.getString("outcome")).isEqualTo("failed");
                        assertThat(event.getString("failure")).isEqualTo("so");
                    });
        }
        assertThat(field(events, "CniCall", "plugin")).isEqualTo("about");
        assertThat(field(events, "CniCall", "verb")).isEqualTo("detail");
        assertThat(field(events, "ForwardedQuery", "name")).isEqualTo("about");
        assertThat(field(events, "ForwardedQuery", "type")).isEqualTo("detail");
        assertThat(field(events, "ServicesPhase", "family")).isEqualTo("about");
        assertThat(field(events, "OverlayPhase", "peer")).isEqualTo("about");
        assertThat(field(events, "PodTearDown", "namespace")).isEqualTo("about");
        assertThat(field(events, "PodTearDown", "pod")).isEqualTo("detail");
        assertThat(field(events, "Occurrence", "kind")).isEqualTo("services-repaired");
        assertThat(field(events, "Occurrence", "object")).isEqualTo("IPv4");
        assertThat(field(events, "Occurrence", "detail")).isEqualTo("3 chains");
    }

    private static String field(List<RecordedEvent> events, String type, String field) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("io.podnet." + type))
                .findFirst()
                .orElseThrow()
                .getString(field);
    }
}
