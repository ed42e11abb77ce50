package org.jbootd.acl;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.files.RequestedPath;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever body comes with a 200, it grants and says at most a name that DNS has and a path that may be served. */
class ReplyFuzz {

    private static final Request QUESTION =
            new Request.Builder().url("http://authority.example.org/boot").build();

    static List<byte[]> bodies() {
        return List.of(
                octets("Client: Tester-069\nFILE: images/node.cfg\nOption-121: 0a000000\n"),
                octets("Client: a b\r\nFile: ../etc/passwd\r\n"),
                octets("File: a\u0000b\nClient: x:y\n: \n"),
                octets("client:" + "a".repeat(63) + "." + "b".repeat(63)));
    }

    private static byte[] octets(String body) {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    @MethodSource("bodies")
    @FuzzTest
    void grantsAndSaysNothingUnsafe(byte[] body) throws IOException {
        if (!(verdict(body) instanceof Verdict.Granted granted)) {
            throw new AssertionError("status 200 grants");
        }
        granted.hostName().ifPresent(ReplyFuzz::requireHostName);
        granted.bootFile().ifPresent(ReplyFuzz::requirePath);
    }

    private static Verdict verdict(byte[] body) throws IOException {
        return Reply.read(new Response.Builder()
                .request(QUESTION)
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("")
                .body(ResponseBody.create(body, null))
                .build());
    }

    private static void requirePath(String name) {
        if (RequestedPath.parse(name).isEmpty()) {
            throw new AssertionError("never served: " + name);
        }
    }

    /** Read here by hand, so that a mistake in the pattern shows. */
    private static void requireHostName(String name) {
        boolean sound = name.length() <= 253;
        for (String label : name.split("\\.", -1)) {
            sound &= !label.isEmpty() && label.length() <= 63 && !label.startsWith("-") && !label.endsWith("-");
        }
        sound &= name.chars().allMatch(c -> c == '.' || c == '-' || c < 128 && Character.isLetterOrDigit(c));
        if (!sound) {
            throw new AssertionError("no host name: " + name);
        }
    }
}
