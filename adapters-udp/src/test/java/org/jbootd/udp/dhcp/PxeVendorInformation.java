package org.jbootd.udp.dhcp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/**
 * Option 43 as the strictest PXE firmware reads it (PXE 2.1 §2.2.3), with a parser of its own.
 *
 * @param servers where each type of boot server is (8)
 * @param menu the text of each type, in its order (9)
 * @param item type and layer (71)
 */
record PxeVendorInformation(
        Optional<Integer> control,
        Map<Integer, List<Ipv4>> servers,
        Map<Integer, String> menu,
        Optional<Integer> timeout,
        Optional<String> prompt,
        Optional<List<Integer>> item) {

    static PxeVendorInformation read(Octets value) {
        Map<Integer, Octets> parts = new LinkedHashMap<>();
        int at = 0;
        while (value.at(at) != 255) {
            int end = at + 2 + value.at(at + 1);
            require(end < value.length(), "a sub-option ends before the end marker");
            require(parts.put(value.at(at), value.slice(at + 2, end)) == null, "each sub-option stands once");
            at = end;
        }
        require(at == value.length() - 1, "nothing behind the end marker");
        require(value.length() <= 255, "one piece");
        Optional<Octets> prompt = Optional.ofNullable(parts.get(10));
        return new PxeVendorInformation(
                Optional.ofNullable(parts.get(6)).map(control -> {
                    require(control.length() == 1, "discovery control is one octet");
                    return control.at(0);
                }),
                servers(parts.getOrDefault(8, Octets.EMPTY)),
                menu(parts.getOrDefault(9, Octets.EMPTY)),
                prompt.map(found -> found.at(0)),
                prompt.map(found -> text(found, 1, found.length())),
                Optional.ofNullable(parts.get(71)).map(item -> {
                    require(item.length() == 4, "a boot item is four octets");
                    return List.of(word(item, 0), word(item, 2));
                }));
    }

    private static Map<Integer, List<Ipv4>> servers(Octets value) {
        Map<Integer, List<Ipv4>> servers = new LinkedHashMap<>();
        int at = 0;
        while (at < value.length()) {
            List<Ipv4> addresses = new ArrayList<>();
            for (int i = 0; i < value.at(at + 2); i++) {
                addresses.add(
                        Ipv4.of(value.slice(at + 3 + 4 * i, at + 7 + 4 * i).toArray()));
            }
            servers.put(word(value, at), addresses);
            at += 3 + 4 * addresses.size();
        }
        require(at == value.length(), "boot servers end with their option");
        return servers;
    }

    private static Map<Integer, String> menu(Octets value) {
        Map<Integer, String> menu = new LinkedHashMap<>();
        int at = 0;
        while (at < value.length()) {
            int end = at + 3 + value.at(at + 2);
            require(end > at + 3, "an item has a text");
            require(menu.put(word(value, at), text(value, at + 3, end)) == null, "each item has its own type");
            at = end;
        }
        require(at == value.length(), "the menu ends with its option");
        return menu;
    }

    /** A menu has a prompt and a server for each type but the local disk; without one the file is fetched, or chosen. */
    void check() {
        if (menu.isEmpty()) {
            require(servers.isEmpty() && prompt.isEmpty(), "no servers and no prompt without a menu");
            require(item.isPresent() || control.equals(Optional.of(8)), "fetch the file, or the item");
        } else {
            require(control.equals(Optional.of(7)), "ask the listed servers only");
            require(prompt.filter(text -> !text.isEmpty()).isPresent(), "a prompt");
            require(
                    menu.keySet().stream().filter(type -> type != 0).toList().equals(List.copyOf(servers.keySet())),
                    "a server for each item");
        }
    }

    private static int word(Octets value, int at) {
        return value.at(at) << 8 | value.at(at + 1);
    }

    private static String text(Octets value, int from, int to) {
        return new String(value.slice(from, to).toArray(), StandardCharsets.US_ASCII);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("violated: " + what);
        }
    }
}
