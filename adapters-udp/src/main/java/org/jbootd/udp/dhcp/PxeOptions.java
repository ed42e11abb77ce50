package org.jbootd.udp.dhcp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jbootd.domain.boot.BootMenu;
import org.jbootd.domain.client.BootItem;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/**
 * What option 43 means between PXE firmware and boot servers (PXE 2.1 §2.2.3): sub-options of code, length and value, then
 * an end marker.
 */
public final class PxeOptions {

    /** The longest value of option 43 that stands in one piece; firmware joins no pieces. */
    public static final int MAX_SIZE = 255;

    private static final int DISCOVERY_CONTROL = 6;
    private static final int BOOT_SERVERS = 8;
    private static final int BOOT_MENU = 9;
    private static final int MENU_PROMPT = 10;
    private static final int BOOT_ITEM = 71;
    private static final int END = 255;

    /** Bits 0 to 2: no broadcast, no multicast, none but the listed servers. We are asked by unicast, and nobody else is. */
    private static final int ASK_THE_LISTED_SERVERS = 7;

    /** Bit 3: fetch the named file, no menu, no discovery. */
    private static final int FETCH_THE_FILE = 8;

    private static final int ITEM_SIZE = 4;

    static final Octets JUST_FETCH_THE_FILE =
            Octets.of((byte) DISCOVERY_CONTROL, (byte) 1, (byte) FETCH_THE_FILE, (byte) END);

    private PxeOptions() {}

    /** How many octets {@code menu} takes; no more than {@link #MAX_SIZE} can be sent. */
    public static int sizeOf(BootMenu menu) {
        int items = menu.items().stream()
                .mapToInt(item -> 3 + ascii(item.text()).length)
                .sum();
        long servers = menu.items().stream().filter(item -> !item.isLocalDisk()).count();
        return 3 + 2 + (int) servers * 7 + 2 + items + 2 + 1 + ascii(menu.prompt()).length + 1;
    }

    /** A menu whose items, but for the local disk, are all to be asked for at {@code server}. */
    static Octets menu(BootMenu menu, Ipv4 server) {
        ByteArrayOutputStream servers = new ByteArrayOutputStream();
        ByteArrayOutputStream items = new ByteArrayOutputStream();
        for (BootMenu.Item item : menu.items()) {
            if (!item.isLocalDisk()) {
                word(servers, item.type());
                servers.write(1);
                servers.writeBytes(server.octets());
            }
            byte[] text = ascii(item.text());
            word(items, item.type());
            items.write(text.length);
            items.writeBytes(text);
        }
        ByteArrayOutputStream prompt = new ByteArrayOutputStream();
        prompt.write(menu.timeoutSeconds());
        prompt.writeBytes(ascii(menu.prompt()));

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        put(out, DISCOVERY_CONTROL, new byte[] {ASK_THE_LISTED_SERVERS});
        put(out, BOOT_SERVERS, servers.toByteArray());
        put(out, BOOT_MENU, items.toByteArray());
        put(out, MENU_PROMPT, prompt.toByteArray());
        out.write(END);
        return Octets.of(out.toByteArray());
    }

    /** The choice of a machine, confirmed (PXE 2.1 §2.2.5). */
    static Octets chosen(BootItem item) {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        word(value, item.type());
        word(value, item.layer());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        put(out, BOOT_ITEM, value.toByteArray());
        out.write(END);
        return Octets.of(out.toByteArray());
    }

    private static void put(ByteArrayOutputStream out, int code, byte[] value) {
        out.write(code);
        out.write(value.length);
        out.writeBytes(value);
    }

    private static void word(ByteArrayOutputStream out, int value) {
        out.write(value >> 8);
        out.write(value);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The boot item in a request's option 43; whatever is broken reads as not said. */
    static Optional<BootItem> itemIn(Options request) {
        Octets value = request.get(OptionCode.VENDOR_INFORMATION).orElse(Octets.EMPTY);
        int at = 0;
        while (at + 2 <= value.length() && value.at(at) != END) {
            int end = at + 2 + value.at(at + 1);
            if (value.at(at) == OptionCode.PAD) {
                end = at + 1;
            } else if (value.at(at) == BOOT_ITEM && end == at + 2 + ITEM_SIZE && end <= value.length()) {
                return Optional.of(new BootItem(word(value, at + 2), word(value, at + 4)));
            }
            at = end;
        }
        return Optional.empty();
    }

    private static int word(Octets value, int at) {
        return value.at(at) << 8 | value.at(at + 1);
    }
}
