package org.jbootd.domain.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestedPathTest {

    @ParameterizedTest
    @CsvSource({
        "pxelinux.0, pxelinux.0",
        "/pxelinux.0, pxelinux.0",
        "\\pxelinux.0, pxelinux.0",
        "///a, a",
        "./a, a",
        "/./a/././b, a/b",
        "a//b, a/b",
        "a/b/, a/b",
        "'a b/c d', a b/c d",
        "a%20b, a%20b",
        "boot\\x64\\wdsnbp.com, boot/x64/wdsnbp.com",
        "grüße/ünï, grüße/ünï",
        "日本/😀, 日本/😀",
        "..., ...",
        "..a/b.., ..a/b..",
        "a:b/c:d, ",
        "ab:c, ab:c",
        "-rf, -rf"
    })
    void aNameMeansOnePath(String name, String path) {
        assertThat(RequestedPath.parse(name).map(RequestedPath::toString)).isEqualTo(Optional.ofNullable(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                ".",
                "./",
                "\\",
                "..",
                "../a",
                "/..",
                "a/..",
                "a/../b",
                "a\\..\\..\\b",
                "..\\a",
                "C:\\a",
                "c:/a",
                "/c:a",
                "a\0",
                "a\nb",
                "a\rb",
                "a/\u001b[0m",
                "a\u0085",
                "a\u007f",
                "\ud800",
                "a\udc00b"
            })
    void othersAreNeverServed(String name) {
        assertThat(RequestedPath.parse(name)).isEmpty();
    }

    @Test
    void aNameHasAtMost500Characters() {
        assertThat(RequestedPath.parse("a".repeat(500))).isPresent();
        assertThat(RequestedPath.parse("a".repeat(501))).isEmpty();
    }

    @Test
    void noOtherWayLeadsToAnUnsafePath() {
        for (List<String> segments : List.<List<String>>of(
                List.of(),
                List.of(""),
                List.of(".."),
                List.of("a", "."),
                List.of("a/b"),
                List.of("a\\b"),
                List.of("c:"),
                List.of("a".repeat(250), "b".repeat(250)))) {
            assertThatThrownBy(() -> new RequestedPath(segments)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
