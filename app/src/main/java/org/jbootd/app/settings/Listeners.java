package org.jbootd.app.settings;

import java.util.List;
import java.util.regex.Pattern;
import org.jbootd.app.ini.IniEntry;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.notify.ListenerAddress;
import org.jbootd.udp.notify.UdpNotifier;

/** {@code [bootp] notify}. */
final class Listeners {

    private static final Pattern HOST_AND_PORT = Pattern.compile("[^:\\s]+:\\d+");
    private static final Pattern NUMBERS = Pattern.compile("[\\d.]+");
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*\\.?");
    private static final int FIRST_OF_MULTICAST = 224;

    private Listeners() {}

    /** Reads a list whose items a semicolon separates; one that is named twice is told once. */
    static List<ListenerAddress> from(IniEntry entry) {
        List<ListenerAddress> listeners = Values.listed(
                        entry, item -> HOST_AND_PORT.matcher(item).matches())
                .stream()
                .flatMap(part -> Values.list(part).stream())
                .map(Listeners::address)
                .distinct()
                .toList();
        if (listeners.size() > UdpNotifier.MAX_LISTENERS) {
            throw new IllegalArgumentException(listeners.size() + " listeners are more than the "
                    + UdpNotifier.MAX_LISTENERS + " that are told; let one of them pass it on to the others");
        }
        return listeners;
    }

    private static ListenerAddress address(String item) {
        int colon = item.indexOf(':');
        if (colon < 1 || colon != item.lastIndexOf(':') || colon == item.length() - 1) {
            throw new IllegalArgumentException(
                    "'" + item + "' is nobody to notify: write host:port, as in 127.0.0.1:11000");
        }
        return new ListenerAddress(host(item.substring(0, colon)), Values.port(item.substring(colon + 1)));
    }

    private static String host(String text) {
        if (NUMBERS.matcher(text).matches()) {
            int first = Ipv4.parse(text).bits() >>> 24;
            if (first == 0 || first >= FIRST_OF_MULTICAST) {
                throw new IllegalArgumentException("'" + text + "' is no address that a listener can have");
            }
        } else if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not the name of a host: write letters, digits, dots and dashes");
        }
        return text;
    }
}
