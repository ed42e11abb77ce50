package org.jbootd.app.settings;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jbootd.domain.boot.BootMenu;
import org.jbootd.udp.dhcp.PxeOptions;

/** {@code [menu]}: what people choose from before a machine boots. */
final class MenuSettings {

    private static final int USUAL_TIMEOUT = 10;
    private static final int LONGEST_TIMEOUT = BootMenu.FOREVER - 1;

    /** Types above this are not for boot servers of an operator's own (PXE 2.1 §2.2.3). */
    private static final int LARGEST_NUMBER = 65534;

    private MenuSettings() {}

    /**
     * @param forBootLoaders whether boot loaders that run are shown it, too
     * @return empty without the section, and when a mistake leaves no menu
     */
    static Optional<BootMenu> from(Section menu, boolean forBootLoaders) {
        if (!menu.isThere()) {
            return Optional.empty();
        }
        String prompt = menu.optional("prompt", MenuSettings::text, "Press F8 for the boot menu");
        int timeout = menu.optional("timeout", MenuSettings::timeout, USUAL_TIMEOUT);
        List<BootMenu.Item> items = menu.lines(Values.number(0, LARGEST_NUMBER), Function.identity()).stream()
                .flatMap(line -> menu.read(line.entry(), entry -> item(line.key(), line.value())).stream())
                .toList();
        if (items.stream().allMatch(BootMenu.Item::isLocalDisk)) {
            menu.mistake("NUMBER", "the menu has nothing to load; give it an item, as in 1 = Install Debian");
            return Optional.empty();
        }
        BootMenu found = new BootMenu(prompt, timeout, items, forBootLoaders);
        int excess = PxeOptions.sizeOf(found) - PxeOptions.MAX_SIZE;
        if (excess > 0) {
            menu.mistake(
                    "prompt",
                    "prompt and items are " + excess + " characters more than firmware can be told; shorten the texts");
        }
        return Optional.of(found);
    }

    private static int timeout(String text) {
        return text.equalsIgnoreCase("never")
                ? BootMenu.FOREVER
                : Values.number(0, LONGEST_TIMEOUT).apply(text);
    }

    /** What follows the last comma is the file. */
    private static BootMenu.Item item(int number, String value) {
        int comma = value.lastIndexOf(',');
        if (comma < 0) {
            return new BootMenu.Item(number, text(value), Optional.empty());
        }
        return new BootMenu.Item(
                number,
                text(value.substring(0, comma).strip()),
                Optional.of(file(value.substring(comma + 1).strip())));
    }

    private static String file(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("no file follows the comma; write one, or leave out the comma");
        }
        return Values.bootFile(name);
    }

    private static String text(String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("'" + text + "' cannot be shown by firmware: write ASCII");
        }
        return text;
    }
}
