import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A small authority for {@code [bootp] access = http}: it answers {@code GET /boot?mac=…&uuid=…} for firmware and {@code GET /linux?…} for
 * operating systems, with 200 for the machines that its file switches on and with 401 for everything else.
 *
 * <p>One command starts it, with nothing but a JDK of version 17 or newer: {@code java Authority.java -c authority.ini}. The file is read
 * again when it has changed; one with a mistake leaves the machines as they were.
 */
public final class Authority {

    private static final String USAGE = "usage: java Authority.java -c FILE";
    private static final List<String> LEVELS = List.of("debug", "info", "warning", "error", "critical");
    private static final int THREADS = 4;
    private static final int WAITING = 64;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final int WRONG_USAGE = 2;
    private static final int FAILED = 1;

    private final Path file;
    private String text;
    private volatile Settings settings;

    private Authority(Path file) throws IOException, Mistakes {
        this.file = file;
        this.text = Files.readString(file);
        this.settings = new Reader(file.toString()).read(text);
    }

    public static void main(String[] arguments) {
        if (List.of(arguments).contains("-h")) {
            System.out.println(USAGE);
            return;
        }
        if (arguments.length != 2 || !arguments[0].equals("-c")) {
            System.err.println(USAGE);
            System.exit(WRONG_USAGE);
        }
        try {
            new Authority(Path.of(arguments[1])).start();
        } catch (Mistakes mistakes) {
            mistakes.lines.forEach(System.err::println);
            System.exit(FAILED);
        } catch (NoSuchFileException | CharacterCodingException unreadable) {
            System.err.println("'" + arguments[1] + "' is not there, or no text in UTF-8");
            System.exit(FAILED);
        } catch (IOException problem) {
            System.err.println("the authority cannot start: " + problem.getMessage());
            System.exit(FAILED);
        }
    }

    private void start() throws IOException {
        // seconds for a whole request and a whole answer: whoever dawdles must not keep a thread
        System.setProperty("sun.net.httpserver.maxReqTime", "5");
        System.setProperty("sun.net.httpserver.maxRspTime", "5");
        HttpServer server = listen(settings.listen());
        server.setExecutor(threads());
        server.createContext("/", this::answer);
        server.start();
        InetSocketAddress listening = server.getAddress();
        log("info", "listening on http://" + listening.getAddress().getHostAddress() + ":" + listening.getPort());
    }

    private static HttpServer listen(InetSocketAddress where) throws IOException {
        try {
            return HttpServer.create(where, WAITING);
        } catch (IOException problem) {
            throw new IOException(
                    "nobody can listen at port " + where.getPort() + " of "
                            + where.getAddress().getHostAddress() + " (" + problem.getMessage()
                            + "); end what does, or change [httpd]",
                    problem);
        }
    }

    /** When all are busy and {@value #WAITING} wait, further questions are hung up on. */
    private static Executor threads() {
        return new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Optional<String> granted = grant(exchange);
            int status = granted.isPresent() ? 200 : 401;
            log(
                    "info",
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().toASCIIString() + " " + status);
            byte[] body = granted.orElse("This machine may not boot.\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** The body for a machine that may boot. */
    private Optional<String> grant(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        if (!exchange.getRequestMethod().equals("GET")
                || !Set.of("/boot", "/linux").contains(path)) {
            return Optional.empty();
        }
        Settings current = current();
        return current.machine(Query.of(exchange.getRequestURI().getRawQuery()))
                .map(machine -> "Client: " + machine.name() + "\n"
                        + (path.equals("/linux")
                                ? current.file(machine)
                                        .map(name -> "File: " + name + "\n")
                                        .orElse("")
                                : ""));
    }

    /** Reads the file again if it says something else than before; address and port stay until the next start. */
    private synchronized Settings current() {
        try {
            String now = Files.readString(file);
            if (!now.equals(text)) {
                text = now;
                settings = new Reader(file.toString()).read(now);
                log("info", "read " + file + " again");
            }
        } catch (IOException problem) {
            log("error", "'" + file + "' cannot be read, so the machines stay as they were: " + problem);
        } catch (Mistakes mistakes) {
            mistakes.lines.forEach(line -> log("error", line));
            log("error", "the machines stay as they were");
        }
        return settings;
    }

    private void log(String level, String line) {
        if (LEVELS.indexOf(level) >= LEVELS.indexOf(settings.level())) {
            settings.output()
                    .ifPresent(output -> output.println(LocalTime.now().format(TIME) + " " + level + " " + line));
        }
    }

    /** Everything that is wrong with a file, each with its place and mend. */
    private static final class Mistakes extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient List<String> lines;

        Mistakes(List<String> lines) {
            this.lines = lines;
        }
    }

    /** What a machine is known by: a UUID or a MAC address, in capitals and with dashes. */
    private record Machine(String id) {

        private static final String HEX = "[0-9A-F]";
        private static final String UUID = HEX + "{8}(-" + HEX + "{4}){3}-" + HEX + "{12}";
        private static final String MAC = HEX + "{2}(-" + HEX + "{2}){5}";

        static Optional<Machine> uuid(String text) {
            return Optional.of(text.strip().toUpperCase(Locale.ROOT))
                    .filter(id -> id.matches(UUID))
                    .map(Machine::new);
        }

        static Optional<Machine> mac(String text) {
            String id = text.strip().toUpperCase(Locale.ROOT).replace(':', '-');
            return Optional.of(id).filter(mac -> mac.matches(MAC)).map(Machine::new);
        }

        /** The same UUID with the octets of its first three groups in the other order, in which firmware sends them. */
        Machine turned() {
            String[] groups = id.split("-");
            for (int i = 0; i < 3 && groups.length == 5; i++) {
                groups[i] = groups[i].replaceAll("(..)(..)(..)(..)", "$4$3$2$1").replaceAll("^(..)(..)$", "$2$1");
            }
            return new Machine(String.join("-", groups));
        }

        /** {@code Tester-} and the low octet of the sum of all groups, in three decimal digits. */
        String name() {
            long sum = Stream.of(id.split("-"))
                    .mapToLong(group -> Long.parseLong(group, 16))
                    .sum();
            return String.format("Tester-%03d", sum & 0xff);
        }
    }

    /** The machine that is asked about; a UUID may be asked about several times. */
    private record Query(List<Machine> machines) {

        static Query of(String query) {
            List<Machine> machines = new ArrayList<>();
            for (String parameter : (query == null ? "" : query).split("&")) {
                String[] parts = parameter.split("=", 2);
                String value = parts.length < 2 ? "" : parts[1].replaceAll("(?i)%3a", ":");
                if (parts[0].equals("uuid")) {
                    Machine.uuid(value).ifPresent(machines::add);
                } else if (parts[0].equals("mac")) {
                    Machine.mac(value).ifPresent(machines::add);
                }
            }
            return new Query(machines);
        }
    }

    /**
     * @param output where lines go; empty for nowhere
     * @param machines whether each that is listed may boot
     * @param files what {@code File:} names, for a machine of its own
     * @param anyFile the same for those without
     */
    private record Settings(
            Optional<PrintStream> output,
            String level,
            InetSocketAddress listen,
            Map<Machine, Boolean> machines,
            Map<Machine, String> files,
            Optional<String> anyFile) {

        /** The one that is switched on, unless any that is asked about is switched off. */
        Optional<Machine> machine(Query query) {
            List<Machine> listed = query.machines().stream()
                    .flatMap(asked -> as(asked, machines.keySet()))
                    .toList();
            return listed.stream().allMatch(machines::get) ? listed.stream().findFirst() : Optional.empty();
        }

        /** As it is listed. */
        private static Stream<Machine> as(Machine asked, Set<Machine> known) {
            return Stream.of(asked, asked.turned()).filter(known::contains).limit(1);
        }

        Optional<String> file(Machine machine) {
            return as(machine, files.keySet()).findFirst().map(files::get).or(() -> anyFile);
        }
    }

    /** Reads {@code [section]} and {@code key = value}; {@code ;} and {@code #} begin a comment line, a blank and {@code ;} one behind a value. */
    private static final class Reader {

        private static final Set<String> ON = Set.of("on", "high", "true", "enable", "enabled", "yes", "1", "ok");
        private static final Set<String> OFF = Set.of("off", "low", "false", "disable", "disabled", "no", "0", "ko");

        private final String name;
        private final List<String> mistakes = new ArrayList<>();
        private final Map<Machine, Boolean> machines = new LinkedHashMap<>();
        private final Map<Machine, String> files = new LinkedHashMap<>();
        private Optional<String> anyFile = Optional.empty();
        private Optional<PrintStream> output = Optional.of(System.err);
        private String level = "info";
        private InetAddress address = InetAddress.getLoopbackAddress();
        private int port = 80;
        private String section = "";
        private int line;

        Reader(String name) {
            this.name = name;
        }

        Settings read(String text) throws Mistakes {
            text.lines().forEach(this::line);
            if (!mistakes.isEmpty()) {
                throw new Mistakes(mistakes);
            }
            return new Settings(output, level, new InetSocketAddress(address, port), machines, files, anyFile);
        }

        private void line(String raw) {
            line++;
            String text = raw.replaceAll("\\s;.*", "").strip();
            if (text.isEmpty() || text.matches("[;#].*")) {
                return;
            }
            if (text.matches("\\[.*]")) {
                section(text.substring(1, text.length() - 1).strip());
                return;
            }
            // a MAC may be written with colons
            String[] parts = text.split(text.contains("=") ? "=" : ":\\s", 2);
            if (parts.length < 2 || parts[0].isBlank() || parts[1].isBlank()) {
                mistake("the line has no value: write key = value");
            } else {
                entry(parts[0].strip(), parts[1].strip());
            }
        }

        private void section(String found) {
            section = found;
            if (!Set.of("logger", "httpd", "uuid", "mac", "files").contains(found)) {
                mistake("there is no section [" + found + "]: write [logger], [httpd], [uuid], [mac] or [files]");
            }
        }

        private void entry(String key, String value) {
            switch (section) {
                case "logger" -> logger(key.toLowerCase(Locale.ROOT), value.toLowerCase(Locale.ROOT));
                case "httpd" -> httpd(key.toLowerCase(Locale.ROOT), value);
                case "uuid" ->
                    machine(key, Machine.uuid(key), "a UUID: write 12345678-abcd-ef00-1111-abcdefabcdef", value);
                case "mac" -> machine(key, Machine.mac(key), "a MAC address: write 02-AA-BB-CC-00-01", value);
                case "files" -> file(key, value);
                case "" -> mistake(key + ": a key stands below a section, as in [uuid]");
                default -> {} // the section's name is the mistake
            }
        }

        private void logger(String key, String value) {
            if (key.equals("level")) {
                level = LEVELS.contains(value) ? value : wrong(key, value, "write " + String.join(", ", LEVELS), level);
            } else if (!key.equals("type")) {
                mistake(key + ": unknown key; write type or level");
            } else if (!Set.of("stderr", "stdout", "none").contains(value)) {
                mistake(key + ": '" + value + "' is not right; write stderr, stdout or none");
            } else {
                output = value.equals("none")
                        ? Optional.empty()
                        : Optional.of(value.equals("stdout") ? System.out : System.err);
            }
        }

        private void httpd(String key, String value) {
            if (key.equals("port")) {
                // 0 is any free one, which the first line of the log names
                port = value.matches("[0-9]{1,5}") && Integer.parseInt(value) <= 65_535
                        ? Integer.parseInt(value)
                        : wrong(key, value, "write a number from 1 to 65535", port);
            } else if (!key.equals("address")) {
                mistake(key + ": unknown key; write address or port");
            } else {
                address = address(key, value);
            }
        }

        private InetAddress address(String key, String value) {
            try {
                return InetAddress.getByName(value);
            } catch (UnknownHostException unknown) {
                return wrong(key, value, "write an address of this host, such as 127.0.0.1", address);
            }
        }

        private void machine(String key, Optional<Machine> machine, String form, String value) {
            String word = value.toLowerCase(Locale.ROOT);
            if (machine.isEmpty()) {
                mistake("'" + key + "' is not " + form);
            } else if (!ON.contains(word) && !OFF.contains(word)) {
                mistake(key + ": '" + value + "' is not right; write on or off");
            } else if (machines.put(machine.get(), ON.contains(word)) != null) {
                mistake(key + ": stands there twice; remove one of the lines");
            }
        }

        private void file(String key, String value) {
            Optional<Machine> machine = Machine.uuid(key).or(() -> Machine.mac(key));
            if (key.equalsIgnoreCase("default")) {
                anyFile = Optional.of(value);
            } else if (machine.isPresent()) {
                files.put(machine.get(), value);
            } else {
                mistake("'" + key + "' is no machine: write its UUID, its MAC address, or default");
            }
        }

        /** @return {@code instead}, so that reading goes on and all mistakes are told at once */
        private <T> T wrong(String key, String value, String mend, T instead) {
            mistake(key + ": '" + value + "' is not right; " + mend);
            return instead;
        }

        private void mistake(String what) {
            mistakes.add(name + ":" + line + ": " + (section.isEmpty() ? "" : "[" + section + "] ") + what);
        }
    }
}
