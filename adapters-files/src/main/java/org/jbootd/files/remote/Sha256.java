package org.jbootd.files.remote;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What a file's content is known by.
 *
 * @param hex 64 hexadecimal digits in lower case
 */
public record Sha256(String hex) {

    public Sha256 {
        if (!hex.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("not a SHA-256 in lower case: " + hex);
        }
    }

    /**
     * In capital letters, too.
     *
     * @throws IllegalArgumentException with a message for the operator
     */
    public static Sha256 parse(String text) {
        if (!text.matches("[0-9A-Fa-f]{64}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no SHA-256: write its 64 hexadecimal digits, as sha256sum prints them");
        }
        return new Sha256(text.toLowerCase(Locale.ROOT));
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has it", e);
        }
    }

    /** Of all that {@code digest} was given. */
    static Sha256 of(MessageDigest digest) {
        return new Sha256(HexFormat.of().formatHex(digest.digest()));
    }

    @Override
    public String toString() {
        return hex;
    }
}
