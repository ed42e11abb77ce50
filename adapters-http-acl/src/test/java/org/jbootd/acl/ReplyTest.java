package org.jbootd.acl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jbootd.domain.access.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTest {

    private static final Request QUESTION = new Request.Builder()
            .url("http://jo:secret@here/boot?mac=02-00-00-00-00-01")
            .build();

    private static Response.Builder answer(int status) {
        return new Response.Builder()
                .request(QUESTION)
                .protocol(Protocol.HTTP_1_1)
                .code(status)
                .message("");
    }

    private static Verdict granted(String body) throws IOException {
        return Reply.read(answer(200)
                .body(ResponseBody.create(body, MediaType.get("text/plain; charset=utf-8")))
                .build());
    }

    @Test
    void theBodyNamesHostAndFileAndNothingElse() throws IOException {
        assertThat(granted("Client: Tester-069\nFILE: images/node.cfg\nOption-121: 0a000000\nRouter: 10.0.0.9\n"))
                .isEqualTo(new Verdict.Granted(Optional.of("Tester-069"), Optional.of("images/node.cfg")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Client: a b",
                "Client: -x",
                "Client: a.-b",
                "Client: a..b",
                "Client: a.",
                "Client: x\u0000y",
                "File: ../etc/passwd",
                "File: a\u0000b",
                "Client: x:y",
                "garbage",
                ":",
                "Client:",
                "File:"
            })
    void whatIsNoNameIsLeftOut(String body) throws IOException {
        assertThat(granted(body)).isEqualTo(Verdict.GRANTED);
    }

    @Test
    void aHostNameIsAsLongAsDnsAllows() throws IOException {
        String longest = "a".repeat(63) + "." + "b".repeat(63) + "." + "c".repeat(63) + "." + "d".repeat(61);

        assertThat(granted("Client: " + longest))
                .isEqualTo(new Verdict.Granted(Optional.of(longest), Optional.empty()));
        assertThat(granted("Client: " + longest + "d")).isEqualTo(Verdict.GRANTED);
        assertThat(granted("Client: " + "a.".repeat(30_000) + "a")).isEqualTo(Verdict.GRANTED);
    }

    @ParameterizedTest
    @CsvSource({
        "301, /elsewhere, 'http://here/elsewhere, and redirects are not followed; write that place in [http]'",
        "302, https://jo:secret@h:8443/a?token=secret#b, 'https://h:8443/a, and redirects are not followed; write that place in [http]'",
        "307, boot?mac=other, 'http://here/boot, which is where it was asked'",
        "308, http://h/a\u00fc\u202eb, 'http://h/a%C3%BC%E2%80%AEb, and redirects are not followed; write that place in [http]'",
    })
    void aRedirectIsDeniedAndSaidWithoutSecrets(int status, String location, String said) throws IOException {
        assertThat(Reply.read(answer(status)
                        .headers(new okhttp3.Headers.Builder()
                                .addUnsafeNonAscii("Location", location)
                                .build())
                        .build()))
                .isEqualTo(new Verdict.Denied("the authority answered " + status + " to " + said));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mailto:x@y", "http://"})
    void aRedirectToNowhereIsDeniedAsAnyStatus(String location) throws IOException {
        assertThat(Reply.read(answer(302).header("Location", location).build()))
                .isInstanceOfSatisfying(
                        Verdict.Denied.class, denied -> assertThat(denied.why()).doesNotContain("secret"));
        assertThat(Reply.read(answer(302).build())).isEqualTo(new Verdict.Denied("the authority answered 302"));
    }
}
