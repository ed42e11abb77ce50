package org.jbootd.persistence;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jbootd.domain.net.Octets;

/**
 * Links events one to the other: the link of each is the SHA-256 of the link before it and of all its columns. How that is computed
 * is documented for auditors (docs/audit.md) and stays as it is. One thread at a time.
 */
final class HashChain {

    /** What the first event of all follows. */
    static final Octets ORIGIN = Octets.of(new byte[32]);

    private final MessageDigest digest = sha256();
    private Octets head;

    /** @param head the link of the event before the next one */
    HashChain(Octets head) {
        follow(head);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has it", e);
        }
    }

    private void follow(Octets link) {
        head = link;
        digest.update(link.toArray());
    }

    /**
     * The next column of an event, in the order of {@link EventTable#COLUMNS}: the number of its octets, a colon, its text in UTF-8
     * and a comma, or a dash and a comma.
     *
     * @param value as an {@link Auditor} tells it, or as it is stored; null for none
     */
    void add(Object value) {
        if (value == null) {
            digest.update((byte) '-');
        } else {
            byte[] text = Auditor.plain(value).toString().getBytes(StandardCharsets.UTF_8);
            digest.update((text.length + ":").getBytes(StandardCharsets.US_ASCII));
            digest.update(text);
        }
        digest.update((byte) ',');
    }

    /** The link of the event whose columns were added, which is the head from now on. */
    Octets link() {
        follow(Octets.of(digest.digest()));
        return head;
    }

    /** The link of the last event. */
    Octets head() {
        return head;
    }
}
