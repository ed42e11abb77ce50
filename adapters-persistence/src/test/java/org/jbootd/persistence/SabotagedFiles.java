package org.jbootd.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Files that do what they are told, but for what is overridden. */
class SabotagedFiles implements JournalFiles {

    private final JournalFiles files;

    SabotagedFiles(JournalFiles files) {
        this.files = files;
    }

    /** Those that are not sabotaged. */
    JournalFiles whole() {
        return files;
    }

    void write(Output file, long position, ByteBuffer octets) throws IOException {
        file.write(position, octets);
    }

    void truncate(Output file, long length) throws IOException {
        file.truncate(length);
    }

    void force(Output file) throws IOException {
        file.force();
    }

    @Override
    public List<String> names() throws IOException {
        return files.names();
    }

    @Override
    public Optional<Object> identity(String name) throws IOException {
        return files.identity(name);
    }

    @Override
    public long size(String name) throws IOException {
        return files.size(name);
    }

    @Override
    public ByteBuffer read(String name, int length) throws IOException {
        return files.read(name, length);
    }

    @Override
    public Output create(String name) throws IOException {
        Output file = files.create(name);
        return new Output() {
            @Override
            public void write(long position, ByteBuffer octets) throws IOException {
                SabotagedFiles.this.write(file, position, octets);
            }

            @Override
            public void truncate(long length) throws IOException {
                SabotagedFiles.this.truncate(file, length);
            }

            @Override
            public void force() throws IOException {
                SabotagedFiles.this.force(file);
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }

    @Override
    public void rename(String from, String to) throws IOException {
        files.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        files.delete(name);
    }

    @Override
    public void syncDirectory() throws IOException {
        files.syncDirectory();
    }
}
