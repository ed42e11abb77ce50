package org.jbootd.app.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("org.jbootd");
    private static final JavaClasses BROKEN = new ClassFileImporter().importPackages("org.jbootd.broken");

    static Stream<String> laws() {
        return new Laws("org.jbootd").all().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("laws")
    void theProductKeepsTheLaw(String name) {
        ArchRule law = new Laws("org.jbootd").all().get(name);

        assertThatCode(() -> law.allowEmptyShould(false).check(PRODUCT)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("laws")
    void brokenCodeIsCaught(String name) {
        EvaluationResult result = new Laws("org.jbootd.broken").all().get(name).evaluate(BROKEN);

        assertThat(result.hasViolation())
                .as("the code in org.jbootd.broken breaks: " + name)
                .isTrue();
    }

    @Test
    void theProductIsThere() {
        Map<String, Integer> leastClasses = Map.of("domain", 20, "udp", 10, "persistence", 5, "files", 1, "app", 10);

        leastClasses.forEach((module, least) -> assertThat(PRODUCT.stream()
                        .filter(type -> type.getPackageName().startsWith("org.jbootd." + module))
                        .count())
                .as("classes seen of " + module)
                .isGreaterThanOrEqualTo(least));
    }
}
