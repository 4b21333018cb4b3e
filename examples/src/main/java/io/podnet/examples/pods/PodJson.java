package io.podnet.examples.pods;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** Rows as JSON for programs: an array, empty where there are no pods. */
final class PodJson {
    private PodJson() {}

    static String of(List<PodRow> rows) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
            json.writeStartArray();
            for (PodRow row : rows) {
                json.writeStartObject();
                json.writeStringField("namespace", row.id().namespace());
                json.writeStringField("name", row.id().name());
                json.writeArrayFieldStart("ips");
                for (String ip : row.ips()) {
                    json.writeString(ip);
                }
                json.writeEndArray();
                json.writeStringField("mac", row.mac());
                json.writeStringField("netns", row.netns());
                json.writeStringField("node", row.node());
                json.writeStringField("phase", row.phase());
                json.writeStringField("message", row.message());
                json.writeEndObject();
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return text + "\n";
    }
}
