package org.example.inventory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.Request;

/**
 * A file with one machine in each line, {@code MAC,state,name}. State {@code install} grants, every other denies, and a
 * machine that is not there is left to the next backend. The file is read for each question, so that a change counts at
 * once; a file that cannot be read is no verdict.
 */
final class Inventory implements AccessControl {

    private final Path file;

    Inventory(Path file) {
        this.file = file;
    }

    @Override
    public CompletionStage<Verdict> decide(Request request) {
        return CompletableFuture.completedStage(verdict(request.client().hardware().toString()));
    }

    private Verdict verdict(String mac) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(line -> line.split(",", 3))
                    .filter(columns -> columns.length == 3 && columns[0].strip().equalsIgnoreCase(mac))
                    .map(columns -> verdict(columns[1].strip(), columns[2].strip()))
                    .findFirst()
                    .orElse(new Verdict.Unlisted("not in the inventory"));
        } catch (IOException problem) {
            throw new UncheckedIOException("the inventory cannot be read", problem);
        }
    }

    private static Verdict verdict(String state, String name) {
        return state.equals("install")
                ? new Verdict.Granted(Optional.of(name), Optional.empty())
                : new Verdict.Denied("the inventory says: " + state);
    }
}
