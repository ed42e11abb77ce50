package org.jbootd.app.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The option {@code --json} of a command that has few things to say: lines for people, or one object for programs. */
final class Telling {

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    @Option(names = "--json", description = "write JSON")
    private boolean json;

    /** @param object lists, booleans and texts by their names, in their order */
    void tell(PrintWriter out, List<String> lines, Map<String, ?> object) {
        if (json) {
            out.println(GSON.toJson(object));
        } else {
            lines.forEach(out::println);
        }
        out.flush();
    }

    /** Tells what a comparison finds, behind what was done before. @param lines of that @param object of that, for programs */
    LeasesCommand.Compared behind(PrintWriter out, List<String> lines, Map<String, ?> object) {
        return (holds, report) -> {
            Map<String, Object> whole = new LinkedHashMap<>(object);
            whole.put("holds", holds);
            whole.put("report", report);
            tell(out, Stream.concat(lines.stream(), report.stream()).toList(), whole);
        };
    }
}
