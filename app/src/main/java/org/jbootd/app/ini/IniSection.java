package org.jbootd.app.ini;

import java.util.List;

/** A section as the file has it; one name may come several times. */
public record IniSection(String name, Place place, List<IniEntry> entries) {

    public IniSection {
        entries = List.copyOf(entries);
    }
}
