package org.jbootd.app.settings;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every section and key there is; each group of sections has a class of its own, which says what is written about it. */
public final class Keys {

    /** In the order of {@code docs/configuration.md}. */
    public static final List<KeyDoc> ALL = Stream.of(
                    LoggerKeys.all(),
                    BootpKeys.all(),
                    FileKeys.all(),
                    NetworkKeys.all(),
                    AccessKeys.all(),
                    LeaseKeys.all(),
                    unused())
            .flatMap(List::stream)
            .toList();

    private Keys() {}

    /** The key of {@code section} that is spelt so, case aside. */
    static Optional<KeyDoc> find(String section, String spelling) {
        return in(section)
                .filter(doc -> doc.key().equalsIgnoreCase(spelling)
                        || doc.synonyms().stream().anyMatch(spelling::equalsIgnoreCase))
                .findFirst();
    }

    static Stream<KeyDoc> in(String section) {
        return ALL.stream().filter(doc -> doc.section().equals(section));
    }

    private static List<KeyDoc> unused() {
        return new KeyTable("buggy_clients")
                .key(
                        "MAC",
                        "switch",
                        KeyTable.NONE,
                        "52-54-00-12-34-56 = on",
                        "Accepted, and of no effect: every client is answered as it needs.")
                .rows();
    }
}
