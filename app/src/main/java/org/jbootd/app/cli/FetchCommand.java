package org.jbootd.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.jbootd.app.daemon.Explanation.quoted;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jbootd.app.daemon.RootFiles;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.settings.FileRoot;
import org.jbootd.app.settings.TftpSettings;
import org.jbootd.domain.files.FileDesk;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.OpenFile;
import org.jbootd.files.remote.Keeping;
import org.jbootd.files.remote.RemoteFileSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jbootd fetch}: has copies of remote files here before machines ask for them. */
@Command(
        name = "fetch",
        description = "Load files of a web server into [tftp] cache_dir, before machines ask for them.",
        footer =
                "%nMay run beside the daemon, as its user. The exit status is 0 if all files are there and up to date.")
final class FetchCommand implements Callable<Integer> {

    private static final String STDIN = "-";
    private static final Set<RemoteFileSource.Arrival> FINE =
            Set.of(RemoteFileSource.Arrival.FETCHED, RemoteFileSource.Arrival.UNCHANGED);

    @ParentCommand
    private Jbootd jbootd;

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "NAME", description = "a file as machines ask for it, before [filters]")
    private List<String> names = List.of();

    @Option(names = "--list", paramLabel = "FILE", description = "more names, one a line; - is stdin")
    private Optional<String> list = Optional.empty();

    @Option(names = "--json", description = "write JSON")
    private boolean json;

    /**
     * What became of one name.
     *
     * @param octets -1 when it is not there
     * @param origin where it is from, or why it is not there
     */
    private record Result(String name, String outcome, long octets, String origin, boolean fine) {

        String line() {
            return name + ": " + outcome + (octets < 0 ? ": " + origin : ", " + octets + " octets of " + origin);
        }

        String json() {
            String rest = octets < 0 ? "\"why\": " : "\"octets\": " + octets + ", \"origin\": ";
            return "{\"name\": " + quoted(name) + ", \"outcome\": " + quoted(outcome) + ", " + rest + quoted(origin)
                    + "}";
        }
    }

    @Override
    public Integer call() {
        Findings findings = new Findings();
        Jbootd.ReadConfiguration read = jbootd.read(findings);
        findings.warnings().forEach(warning -> err("warning: " + warning));
        if (read.settings().isEmpty()) {
            return read.status();
        }
        TftpSettings tftp = read.settings()
                .get()
                .tftp()
                .orElseThrow(
                        () -> new ParameterException(command.commandLine(), "-p leaves out what could be fetched"));
        Optional<String> vain = whyInVain(tftp.root());
        if (vain.isPresent()) {
            err("jbootd: " + vain.get());
            return Jbootd.REFUSED;
        }
        try {
            return fetch(tftp, allNames());
        } catch (IOException problem) {
            err("jbootd: the list of files cannot be read: " + problem);
            return Jbootd.MISUSED;
        }
    }

    private static Optional<String> whyInVain(FileRoot root) {
        if (root instanceof FileRoot.Remote remote) {
            return remote.settings().keeping() == Keeping.ALL
                    ? Optional.empty()
                    : Optional.of("copies would be gone with this command:"
                            + " name a directory as [tftp] cache_dir that belongs to this user, the daemon's");
        }
        return Optional.of("[tftp] root is " + root + ", a directory of this machine: nothing has to be fetched");
    }

    private Set<String> allNames() throws IOException {
        Set<String> all = new LinkedHashSet<>(names);
        if (list.isPresent()) {
            String text = list.get().equals(STDIN)
                    ? new String(System.in.readAllBytes(), UTF_8)
                    : Files.readString(Path.of(list.get()));
            text.lines().map(String::strip).filter(name -> !name.isEmpty()).forEach(all::add);
        }
        if (all.isEmpty()) {
            throw new ParameterException(command.commandLine(), "name a file to fetch, or a list of them by --list");
        }
        return all;
    }

    private int fetch(TftpSettings tftp, Set<String> all) {
        List<Result> results = new ArrayList<>();
        List<OpenFile> held = new ArrayList<>(); // so that none makes room for the next
        PrintWriter out = command.commandLine().getOut();
        try (RootFiles files = RootFiles.fetching(tftp)) {
            for (String name : all) {
                Result result = fetch(name, files.desk(), held);
                results.add(result);
                if (!json) {
                    out.println(result.line());
                    out.flush();
                }
            }
            held.forEach(OpenFile::close);
        }
        if (json) {
            out.println("[\n  "
                    + String.join(",\n  ", results.stream().map(Result::json).toList()) + "\n]");
            out.flush();
        }
        return results.stream().allMatch(Result::fine) ? Jbootd.FINE : Jbootd.REFUSED;
    }

    private static Result fetch(String name, FileDesk desk, List<OpenFile> held) {
        try {
            OpenFile file = desk.open(name);
            held.add(file);
            Optional<RemoteFileSource.Arrival> arrival = RemoteFileSource.arrival(file);
            if (arrival.isEmpty()) {
                return new Result(name, "of this machine", file.size(), file.origin(), true);
            }
            return new Result(name, inWords(arrival.get()), file.size(), file.origin(), FINE.contains(arrival.get()));
        } catch (FileUnavailable | IOException problem) {
            return new Result(name, "failed", -1, problem.getMessage(), false);
        }
    }

    private static String inWords(RemoteFileSource.Arrival arrival) {
        return arrival.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private void err(String line) {
        command.commandLine().getErr().println(line);
    }
}
