package org.jbootd.domain.files;

/** What the filters make of a requested name. */
public sealed interface Translation {

    /** This file is served. */
    record Serve(FileTarget target) implements Translation {}

    /** The name of the file to serve stands in this file. */
    record NameStandsIn(FileTarget target) implements Translation {}
}
