package org.jbootd.app.settings;

import java.util.ArrayList;
import java.util.List;

/** What is written about the keys of one section, in the order of {@code docs/configuration.md}. */
final class KeyTable {

    /** The fallback of a key that has to be there. */
    static final String REQUIRED = "required";

    /** The fallback of a key without which nothing holds. */
    static final String NONE = "none";

    private final String section;
    private final List<KeyDoc> rows = new ArrayList<>();

    KeyTable(String section) {
        this.section = section;
    }

    KeyTable key(String key, String type, String fallback, String example, String text) {
        return key(key, List.of(), type, fallback, example, text);
    }

    KeyTable key(String key, List<String> synonyms, String type, String fallback, String example, String text) {
        rows.add(new KeyDoc(section, key, synonyms, type, fallback, example, text));
        return this;
    }

    List<KeyDoc> rows() {
        return rows;
    }
}
