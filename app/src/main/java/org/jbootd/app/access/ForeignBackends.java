package org.jbootd.app.access;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jbootd.domain.access.AccessBackend;

/** The backends in the jars of a directory. What they opened is of use only until this is closed. */
public final class ForeignBackends implements AutoCloseable {

    private static final String NAME = "[a-z][a-z0-9-]{0,30}";

    private final URLClassLoader loader;
    private final Map<String, AccessBackend> byName = new LinkedHashMap<>();

    private ForeignBackends(URLClassLoader loader) {
        this.loader = loader;
    }

    /**
     * Loads every backend there is.
     *
     * @throws IllegalArgumentException when a jar is none, or a backend cannot be made; its message is for the operator
     */
    public static ForeignBackends in(Path directory) {
        ForeignBackends backends = new ForeignBackends(loader(jars(directory)));
        boolean complete = false;
        try {
            backends.load(directory);
            complete = true;
        } finally {
            if (!complete) {
                backends.close();
            }
        }
        return backends;
    }

    private static List<Path> jars(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("there is no directory '" + directory + "'");
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException problem) {
            throw new IllegalArgumentException("'" + directory + "' cannot be read: " + problem.getMessage(), problem);
        }
    }

    /** A class loader would pass over a jar that is none, and its backend would be missed for no reason. */
    private static void open(Path jar) {
        try (ZipFile file = new ZipFile(jar.toFile())) {
            file.size();
        } catch (IOException problem) {
            throw new IllegalArgumentException(
                    "'" + jar + "' cannot be read as a jar (" + problem.getMessage() + "); replace it, or take it away",
                    problem);
        }
    }

    private static URLClassLoader loader(List<Path> jars) {
        jars.forEach(ForeignBackends::open);
        return new URLClassLoader(
                jars.stream().map(ForeignBackends::url).toArray(URL[]::new), ForeignBackends.class.getClassLoader());
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private void load(Path directory) {
        try {
            Iterator<AccessBackend> found =
                    ServiceLoader.load(AccessBackend.class, loader).iterator();
            while (found.hasNext()) {
                add(found.next(), directory);
            }
        } catch (ServiceConfigurationError | LinkageError problem) {
            throw new IllegalArgumentException(
                    "a backend in '" + directory + "' cannot be used: " + problem.getMessage(), problem);
        }
    }

    private void add(AccessBackend backend, Path directory) {
        String name = String.valueOf(backend.name());
        if (!name.matches(NAME)) {
            throw new IllegalArgumentException("a backend in '" + directory + "' calls itself '" + name
                    + "'; a name has small letters, digits and dashes");
        }
        if (byName.putIfAbsent(name, backend) != null) {
            throw new IllegalArgumentException("two backends in '" + directory + "' are called '" + name + "'");
        }
    }

    public Set<String> names() {
        return byName.keySet();
    }

    public Optional<AccessBackend> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    @Override
    public void close() {
        try {
            loader.close();
        } catch (IOException problem) {
            throw new java.io.UncheckedIOException("jars of access control could not be closed", problem);
        }
    }
}
