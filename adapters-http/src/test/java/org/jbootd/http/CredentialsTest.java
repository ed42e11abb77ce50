package org.jbootd.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {

    @ParameterizedTest
    @CsvSource({
        "http://jo:secret@server/path, http://…@server/path",
        "http://jo:sec/ret@server, http://…@server",
        "http://jo:sec@ret@server, http://…@server",
        "http:/jo:secret@server, http:/…@server",
        "ftp://jo:secret@server, ftp://…@server",
        "//jo:secret@server, //…@server",
        "jo:secret@server, …@server",
        "http//jo:secret@server, …@server",
        "http://server/path, http://server/path",
    })
    void whatIsBeforeTheLastAtIsHidden(String text, String shown) {
        assertThat(Credentials.hidden(text)).isEqualTo(shown);
    }

    @Test
    void theHeaderHoldsWhatTheUrlDoes() {
        assertThat(Credentials.header(HttpUrl.get("http://jo:secret@server/"))).contains("Basic am86c2VjcmV0");
        assertThat(Credentials.header(HttpUrl.get("http://:secret@server/"))).contains("Basic OnNlY3JldA==");
        assertThat(Credentials.header(HttpUrl.get("http://j%C3%B6:x@server/"))).contains("Basic asO2Ong=");
        assertThat(Credentials.header(HttpUrl.get("http://server/"))).isEmpty();
    }

    @Test
    void aPlaceIsWhereAUrlLeads() {
        assertThat(Credentials.place(HttpUrl.get("https://jo:secret@server:8443/a?token=secret#b")))
                .isEqualTo(HttpUrl.get("https://server:8443/a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://jo:12/34@server/", "http://jo/secret@server", "http://jo?secret@server"})
    void aPasswordThatEndsTooEarlyIsRefused(String text) {
        HttpUrl url = HttpUrl.get(text);

        assertThatThrownBy(() -> Credentials.requireRead(text, url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'http://…@server")
                .hasMessageContaining("%2F");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://jo:12%2F34@server/", "http://server/a%40b", "http://server/", "http://jo@server/a@b"})
    void whatIsReadAsItWasMeantIsTaken(String text) {
        assertThatCode(() -> Credentials.requireRead(text, HttpUrl.get(text))).doesNotThrowAnyException();
    }
}
