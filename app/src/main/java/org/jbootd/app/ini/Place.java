package org.jbootd.app.ini;

/** A line of a configuration file, counted from 1. */
public record Place(String file, int line) {

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
