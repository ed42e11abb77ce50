package org.jbootd.app.settings;

import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jbootd.domain.net.HardwareAddress;

/** Sections of which this version makes no use: they are checked, so that nothing wrong in them surprises later. */
final class UnusedSections {

    private static final Pattern MAC_OR_PREFIX =
            Pattern.compile("([0-9A-F]{2}([-:]?[0-9A-F]{2}){0,5})(\\s*/\\s*([0-9]|[1-3][0-9]|4[0-8]))?");
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}");

    private UnusedSections() {}

    static void check(Sections sections) {
        sections.get("buggy_clients").lines(UnusedSections::mac, Values::flag);
        sections.get("mac").lines(UnusedSections::mac, Values::flag);
        sections.get("uuid").lines(UnusedSections::uuid, Values::flag);
        Section http = sections.get("http");
        http.optional("location", text -> text);
        http.optional("pxe", text -> text);
        http.optional("dhcp", text -> text);
        http.optional("timeout", Values::finiteTime);
        http.optional("always_check", Values::flag);
    }

    private static String mac(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        if (!MAC_OR_PREFIX.matcher(upper).matches()) {
            HardwareAddress.parse(text); // for its message
        }
        return upper.replace(':', '-');
    }

    private static String uuid(String text) {
        for (String part : text.toUpperCase(Locale.ROOT).split("/", 2)) {
            if (!UUID_TEXT.matcher(part.strip()).matches()) {
                throw new IllegalArgumentException("'" + text + "' is not a UUID: write it as in "
                        + new UUID(0x1234567812345678L, 0x8123456789abcdefL));
            }
        }
        return text.toUpperCase(Locale.ROOT);
    }
}
