package org.jbootd.app.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says. */
final class Version implements IVersionProvider {

    /** As the jar's manifest has it. */
    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "from class files" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"jbootd " + text()};
    }
}
