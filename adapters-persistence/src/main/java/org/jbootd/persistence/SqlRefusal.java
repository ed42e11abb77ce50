package org.jbootd.persistence;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.h2.api.ErrorCode;

/** Why a SQL tool is not let in, in words that its user sees. */
final class SqlRefusal extends Exception {

    private static final long serialVersionUID = 1;

    /** Of H2's protocol. */
    private static final int STATUS_ERROR = 0;

    private final int code;

    /** @param code one of {@link ErrorCode} */
    SqlRefusal(int code, String message) {
        super(message);
        this.code = code;
    }

    /** What H2's protocol has for it. */
    byte[] octets() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(octets)) {
            out.writeInt(STATUS_ERROR);
            writeString(out, ErrorCode.getState(code));
            writeString(out, getMessage());
            writeString(out, ""); // the statement
            out.writeInt(code);
            writeString(out, getMessage()); // where H2 has a stack trace
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return octets.toByteArray();
    }

    private static void writeString(DataOutputStream out, String text) throws IOException {
        out.writeInt(text.length());
        out.write(text.getBytes(StandardCharsets.UTF_16BE));
    }
}
