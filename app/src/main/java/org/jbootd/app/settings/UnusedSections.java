package org.jbootd.app.settings;

import org.jbootd.domain.access.MacList;

/** Sections that no version needs any more: they are checked, so that a slip of the pen in them is found. */
final class UnusedSections {

    private UnusedSections() {}

    static void check(Sections sections) {
        sections.get("buggy_clients").lines(text -> MacList.Entry.parse(text, true), Values::flag);
    }
}
