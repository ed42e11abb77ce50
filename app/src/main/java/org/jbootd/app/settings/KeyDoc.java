package org.jbootd.app.settings;

import java.util.List;

/**
 * What is written about one key: here for the reader of the file, and in {@code docs/configuration.md} for people.
 *
 * @param key as it is written; in capitals where the key itself is a value, as {@code MAC}
 * @param synonyms further spellings of the same key
 * @param fallback what holds without the key
 */
public record KeyDoc(
        String section, String key, List<String> synonyms, String type, String fallback, String example, String text) {

    /** The row of the section's table in {@code docs/configuration.md}. */
    public String row() {
        String names = synonyms.isEmpty() ? "`" + key + "`" : "`" + key + "`, `" + String.join("`, `", synonyms) + "`";
        return "| " + names + " | " + type + " | " + fallback + " | `" + example + "` | " + text + " |";
    }
}
