package io.podnet.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.podnet.api.API;
import io.podnet.architecture.leaking.Leaking;
import io.podnet.architecture.roompromise.Silent;
import io.podnet.architecture.unsaid.Unsaid;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every public type says what users may rely on. */
class ApiStatusTest {
    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.podnet")
            .that(DescribedPredicate.not(resideInAnyPackage("io.podnet.examples..")));

    private static final DescribedPredicate<JavaClass> STABLE = ApiStatus.PUBLIC.and(DescribedPredicate.describe(
            "STABLE",
            type -> ApiStatus.of(type).filter(API.Status.STABLE::equals).isPresent()));

    private static final ArchRule ALL_HAVE_A_STATUS =
            classes().that(ApiStatus.PUBLIC).should(ApiStatus.haveAStatus());
    private static final ArchRule ROOMS_PROMISE_NOTHING = classes().should(ApiStatus.beInARoomThatPromisesNothing());
    private static final ArchRule SINCE_IS_A_VERSION = classes().should(ApiStatus.nameASince());
    private static final ArchRule PROMISES_ARE_WHOLE =
            classes().that(STABLE).should(ApiStatus.mentionOnlyWhatIsPromised());

    @Test
    void everyPublicTypeHasAStatus() {
        assertThat(LIBRARY.stream().filter(ApiStatus.PUBLIC).count()).isGreaterThan(400);
        ALL_HAVE_A_STATUS.check(LIBRARY);
        ROOMS_PROMISE_NOTHING.check(LIBRARY);
        SINCE_IS_A_VERSION.check(LIBRARY);
    }

    @Test
    void whatIsPromisedIsMadeOfWhatIsPromised() {
        PROMISES_ARE_WHOLE.check(LIBRARY);
    }

    @Test
    void interfacesAndFacadeAreStableAndInnerRoomsAreNot() {
        assertThat(LIBRARY.stream()
                        .filter(STABLE)
                        .filter(type -> type.getEnclosingClass().isEmpty())
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toSet()))
                .contains(
                        "Podnet",
                        "NetworkPlugin",
                        "Ipam",
                        "ServiceProxy",
                        "NameResolver",
                        "ClusterStore",
                        "BridgePluginProvider")
                .doesNotContain("OverlayPluginProvider", "NetworkPluginContract", "RouteNetlink", "ServiceModel");
    }

    @Test
    void eachRuleFailsOnWhatBreaksIt() {
        assertThat(failures(ALL_HAVE_A_STATUS, Unsaid.class))
                .contains(Unsaid.class.getName() + " has no @API")
                .contains("Unsaid$Inside has no @API");
        assertThat(failures(ROOMS_PROMISE_NOTHING, Silent.class)).contains("gives a promise");
        assertThat(failures(SINCE_IS_A_VERSION, Leaking.class)).contains("since 'soon'");
        assertThat(failures(PROMISES_ARE_WHOLE, Leaking.class))
                .contains("mentions " + Leaking.Inner.class.getName())
                .contains("mentions " + Leaking.Result.class.getName());
    }

    private static String failures(ArchRule rule, Class<?> example) {
        JavaClasses examples = new ClassFileImporter().importPackages(example.getPackageName());
        return String.join("\n", rule.evaluate(examples).getFailureReport().getDetails());
    }
}
