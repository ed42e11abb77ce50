package org.jbootd.domain.boot;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jbootd.domain.client.BootItem;

/**
 * What people may choose from when a machine boots by PXE (PXE 2.1 §2.2.3).
 *
 * @param prompt shown while the machine waits for somebody to ask for the menu
 * @param timeoutSeconds until the first item is booted: 0 for at once, {@link #FOREVER} for never
 * @param items the first is the one that is booted when nobody chooses
 * @param forBootLoaders whether it is for boot loaders that run, too, and not for firmware only
 */
public record BootMenu(String prompt, int timeoutSeconds, List<Item> items, boolean forBootLoaders) {

    /** A timeout that never ends (PXE 2.1 §2.2.3, option 43.10). */
    public static final int FOREVER = 255;

    /** The type of an item that boots from the machine's own disk. */
    public static final int LOCAL_DISK = 0;

    /** @param file empty for what the machine boots anyway, and for the local disk */
    public record Item(int type, String text, Optional<String> file) {

        public Item {
            if (type < 0 || type > 0xffff) {
                throw new IllegalArgumentException("the number of an item is 0 to 65535, not " + type);
            }
            if (type == LOCAL_DISK && file.isPresent()) {
                throw new IllegalArgumentException("item 0 is the local disk, and has no file");
            }
        }

        public boolean isLocalDisk() {
            return type == LOCAL_DISK;
        }
    }

    public BootMenu {
        items = List.copyOf(items);
        if (timeoutSeconds < 0 || timeoutSeconds > FOREVER) {
            throw new IllegalArgumentException("the timeout is 0 to 255, not " + timeoutSeconds);
        }
        Set<Integer> types = new HashSet<>();
        if (items.isEmpty() || !items.stream().map(Item::type).allMatch(types::add)) {
            throw new IllegalArgumentException("a menu has items, each with a number of its own");
        }
    }

    /** Without the items that have no file, if the machine has none to boot; empty when nothing to load is left. */
    public Optional<BootMenu> fitting(BootPlan plan) {
        List<Item> left = items.stream()
                .filter(item -> item.isLocalDisk()
                        || item.file().isPresent()
                        || plan.bootFile().isPresent())
                .toList();
        return left.stream().allMatch(Item::isLocalDisk)
                ? Optional.empty()
                : Optional.of(new BootMenu(prompt, timeoutSeconds, left, forBootLoaders));
    }

    /** What a machine loads that chose {@code item}; empty when that is none to load, or a further layer of one. */
    public Optional<BootPlan> choose(BootItem item, BootPlan plan) {
        return items.stream()
                .filter(one -> one.type() == item.type() && !one.isLocalDisk() && item.layer() == 0)
                .map(one -> one.file().isPresent() ? new BootPlan(one.file(), Optional.empty()) : plan)
                .findFirst();
    }
}
