package org.jbootd.app.leases.takeover;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jbootd.app.ini.Place;

/** What became of the leases of another server. */
public final class TakeoverReport {

    /** Of what was not taken over, how much is told line by line. */
    static final int MOST_LINES = 10_000;

    private static final Gson GSON = new GsonBuilder()
            .disableHtmlEscaping()
            .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
            .create();

    private static final Comparator<NotTaken> ORDER =
            Comparator.comparing(NotTaken::file).thenComparing(NotTaken::line);

    /** @param line of the file, from 1 @param reason for the operator */
    private record NotTaken(String file, int line, String reason) {}

    private record Json(
            String file, boolean dryRun, int takenOver, int alreadySo, int notTakenOver, List<NotTaken> problems) {}

    private final String file;
    private final boolean rehearsed;
    private int takenOver;
    private int alreadySo;
    private int notTakenOver;

    /** The first ones, by file and line; the last of them is ahead. */
    private final PriorityQueue<NotTaken> problems = new PriorityQueue<>(ORDER.reversed());

    TakeoverReport(String file, boolean rehearsed) {
        this.file = file;
        this.rehearsed = rehearsed;
    }

    void takenOver() {
        takenOver++;
    }

    void alreadySo() {
        alreadySo++;
    }

    void notTaken(Place place, String reason) {
        notTakenOver++;
        problems.add(new NotTaken(place.file(), place.line(), reason));
        if (problems.size() > MOST_LINES) {
            problems.remove();
        }
    }

    public boolean isComplete() {
        return notTakenOver == 0;
    }

    /** For people: a line for each that was not taken over, in the order of the file, and the sum. */
    public void print(PrintWriter out) {
        inOrder().forEach(one -> out.println(one.file() + ":" + one.line() + ": " + one.reason()));
        if (notTakenOver > problems.size()) {
            out.println("… and " + (notTakenOver - problems.size()) + " more");
        }
        out.println((rehearsed ? "would be taken over: " : "taken over: ") + takenOver + ", already so: " + alreadySo
                + ", not taken over: " + notTakenOver);
        out.flush();
    }

    /** For programs: one object. {@code not_taken_over} may be more than there are {@code problems}. */
    public void printJson(PrintWriter out) {
        out.println(GSON.toJson(new Json(file, rehearsed, takenOver, alreadySo, notTakenOver, inOrder())));
        out.flush();
    }

    private List<NotTaken> inOrder() {
        return problems.stream().sorted(ORDER).toList();
    }
}
