package org.jbootd.app.settings;

import java.util.ArrayList;
import java.util.List;
import org.jbootd.app.ini.IniEntry;
import org.jbootd.domain.net.Ipv4;

/** {@code [bootp] dns}. @param ofHost true for this host's own name servers, in front of the others */
public record NameServers(boolean ofHost, List<Ipv4> fixed) {

    public static final NameServers NONE = new NameServers(false, List.of());

    public NameServers {
        fixed = List.copyOf(fixed);
    }

    /**
     * Reads a list whose items a semicolon separates, with or without blanks around it. What follows a blank and a
     * semicolon is a comment, as everywhere, unless it begins with a further address.
     */
    static NameServers from(IniEntry entry) {
        boolean ofHost = false;
        List<Ipv4> fixed = new ArrayList<>();
        for (String part : Values.listed(entry, NameServers::isItem)) {
            for (String item : Values.list(part)) {
                if (item.equalsIgnoreCase("auto")) {
                    ofHost = true;
                } else {
                    fixed.add(host(item));
                }
            }
        }
        return new NameServers(ofHost, fixed.stream().distinct().toList());
    }

    private static boolean isItem(String text) {
        return text.equalsIgnoreCase("auto") || text.matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
    }

    private static Ipv4 host(String text) {
        Ipv4 address = Ipv4.parse(text);
        if (!address.isHost()) {
            throw new IllegalArgumentException("'" + text + "' is no address that a name server can have");
        }
        return address;
    }
}
