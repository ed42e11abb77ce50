package org.jbootd.persistence;

/** A segment on disk, by its header. Its own changes end where the next segment's begin. */
record Segment(long number, long firstSeq) {

    String name() {
        return JournalNames.segment(number);
    }
}
