package org.jbootd.persistence;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jbootd.domain.net.Octets;

/**
 * What somebody noted of a hash chain, to find out later whether it is the same one still.
 *
 * @param seq number of an event
 * @param link of that event
 */
public record ChainHead(long seq, Octets link) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,18}):(\\p{XDigit}{64})");

    /** @throws IllegalArgumentException unless it is a number, a colon and 64 hex digits */
    public static ChainHead parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no head of a hash chain: write it as 'jbootd leases verify' printed it,"
                            + " the number of an event, a colon and 64 hex digits");
        }
        return new ChainHead(Long.parseLong(matcher.group(1)), Octets.parseHex(matcher.group(2)));
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return seq + ":" + link;
    }
}
