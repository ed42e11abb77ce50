package org.jbootd.app.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.jbootd.domain.access.AccessBackend;

/** A jar that names backends; their classes are those of the tests. */
public final class BackendJar {

    private BackendJar() {}

    /** @param classes names, of classes that need not exist */
    public static Path write(Path file, String... classes) throws IOException {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            jar.putNextEntry(new JarEntry("META-INF/services/" + AccessBackend.class.getName()));
            jar.write(String.join("\n", classes).getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }
}
