package io.podnet.examples.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpansionTest {
    private static final Map<String, String> VARIABLES = Map.of("A", "1", "B", "two", "EMPTY", "", "REF", "$(A)");

    /** The rows follow the cases of Kubernetes' own expand_test.go. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "text|text",
                "$(A)|1",
                "$(A)-$(B)|1-two",
                "x$(A)y|x1y",
                "$(EMPTY)|\"\"",
                "$(NONE)|$(NONE)",
                "$(REF)|$(A)",
                "$$(A)|$(A)",
                "$$$(A)|$1",
                "$$$$(A)|$$(A)",
                "$A|$A",
                "$(A|$(A",
                "$(|$(",
                "$|$",
                "a$|a$",
                "$$|$",
                "$($(A))|$($(A))",
                "$()|$()",
                "(A)|(A)",
                "$ (A)|$ (A)"
            })
    void expandsAsKubernetesDoes(String text, String expected) {
        assertThat(Expansion.expand(text, VARIABLES)).isEqualTo(expected);
    }
}
