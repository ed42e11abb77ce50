package org.jbootd.acl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Response;
import okio.BufferedSource;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.files.RequestedPath;
import org.jbootd.http.Credentials;

/** Reads what an authority answers: the status decides, two lines of the body may add something, nothing else counts. */
final class Reply {

    static final int BODY_BYTES = 64 * 1024;

    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

    /** RFC 1123 §2.1; what is longer than a name of DNS may be (RFC 1035 §2.3.4) would be told cut off. */
    private static final Pattern HOST_NAME = Pattern.compile("(?=.{1,253}$)" + LABEL + "(\\." + LABEL + ")*");

    private Reply() {}

    /** @throws IOException when the body breaks off or is longer than {@value #BODY_BYTES} bytes */
    static Verdict read(Response response) throws IOException {
        if (response.code() != 200) {
            return new Verdict.Denied("the authority answered " + response.code() + elsewhere(response));
        }
        Map<String, String> lines = lines(body(response.body().source()));
        return new Verdict.Granted(
                Optional.ofNullable(lines.get("client"))
                        .filter(name -> HOST_NAME.matcher(name).matches()),
                Optional.ofNullable(lines.get("file"))
                        .filter(name -> RequestedPath.parse(name).isPresent()));
    }

    /** Where a redirect leads, which is not followed: an operator who trusts that place can name it. */
    private static String elsewhere(Response response) {
        String location = response.header("Location");
        HttpUrl asked = response.request().url();
        HttpUrl target = response.isRedirect() && location != null ? asked.resolve(location) : null;
        if (target == null) {
            return "";
        }
        HttpUrl shown = Credentials.place(target);
        return " to " + HttpAccess.printable(shown.toString())
                + (shown.equals(Credentials.place(asked))
                        ? ", which is where it was asked"
                        : ", and redirects are not followed; write that place in [http]");
    }

    private static String body(BufferedSource source) throws IOException {
        if (source.request(BODY_BYTES + 1L)) {
            throw new IOException("the body is longer than " + BODY_BYTES + " bytes");
        }
        return source.getBuffer().readString(StandardCharsets.UTF_8);
    }

    private static Map<String, String> lines(String body) {
        Map<String, String> lines = new TreeMap<>();
        body.lines()
                .map(line -> line.split(":", -1))
                .filter(parts -> parts.length == 2)
                .forEach(parts -> lines.putIfAbsent(parts[0].strip().toLowerCase(Locale.ROOT), parts[1].strip()));
        return lines;
    }
}
