package org.jbootd.files.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import okhttp3.HttpUrl;
import org.jbootd.domain.files.RequestedPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteRootTest {

    private static String file(String root, String name) {
        return RemoteRoot.of(root).file(RequestedPath.parse(name).orElseThrow()).toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "pxelinux.0                 | http://h/r/pxelinux.0",
                "/a//./b                    | http://h/r/a/b",
                "with blank                 | http://h/r/with%20blank",
                "100%                       | http://h/r/100%25",
                "%2e%2e/%2E%2E/%2fetc       | http://h/r/%252e%252e/%252E%252E/%252fetc",
                "a?b=c&d                    | http://h/r/a%3Fb=c&d",
                "a#b                        | http://h/r/a%23b",
                "a;b=1                      | http://h/r/a;b=1",
                "@other/x                   | http://h/r/@other/x",
                "http://other/x             | http://h/r/http:/other/x",
                "x\\..x                     | http://h/r/x/..x",
                "é                          | http://h/r/%C3%A9",
            })
    void aNameIsPutBelowTheRootWhateverIsInIt(String name, String url) {
        assertThat(file("http://h/r", name)).isEqualTo(url);
        assertThat(file("http://h/r/", name)).isEqualTo(url);
        assertThat(file("http://h/r//", name)).isEqualTo(url);
    }

    @Test
    void theRootMayBeTheWholeServer() {
        assertThat(file("http://h", "a/b")).isEqualTo("http://h/a/b");
        assertThat(file("HTTPS://H:8443/", "a")).isEqualTo("https://h:8443/a");
    }

    @Test
    void secretsAreNotShown() {
        RemoteRoot root = RemoteRoot.of("https://anna:secret@h/r");

        assertThat(root).hasToString("https://h/r/");
        assertThat(root.credentials())
                .hasValueSatisfying(header -> assertThat(header).startsWith("Basic "));
        assertThat(RemoteRoot.of("http://h/r").credentials()).isEmpty();
        assertThatThrownBy(() -> RemoteRoot.of("ftp://anna:secret@h/r")).hasMessageNotContaining("secret");
        assertThatThrownBy(() -> RemoteRoot.of("http://anna:secret@h/r?a")).hasMessageNotContaining("secret");
        assertThatThrownBy(() -> RemoteRoot.of("http://anna:se/secret@h/r")).hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http:/r", "http://", "http:///r", "ftp://h/r", "file:///etc", "http://h:99999/", "data:,a"})
    void whatIsNoUrlOfFilesIsRefusedWithAMend(String text) {
        assertThat(RemoteRoot.looksLikeOne(text)).isTrue();
        assertThatThrownBy(() -> RemoteRoot.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is no URL of files: write http://server/path or https://server/path");
    }

    @Test
    void aRootWithAQuestionIsRefused() {
        assertThatThrownBy(() -> RemoteRoot.of("http://h/get?file=")).hasMessageContaining("leave them out");
        assertThatThrownBy(() -> RemoteRoot.of("http://h/r#top")).hasMessageContaining("leave them out");
    }

    @Test
    void onlySchemeHostAndPortMakeAnOrigin() {
        RemoteRoot root = RemoteRoot.of("http://h/r");

        assertThat(root.isOrigin(HttpUrl.get("http://h:80/elsewhere"))).isTrue();
        assertThat(root.isOrigin(HttpUrl.get("https://h/r/a"))).isFalse();
        assertThat(root.isOrigin(HttpUrl.get("http://h:8080/r/a"))).isFalse();
        assertThat(root.isOrigin(HttpUrl.get("http://h.example/r/a"))).isFalse();
    }
}
