package org.jbootd.app.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Tells what happens while it happens, for somebody who sees it for the first time. For one thread. */
final class Narrator {

    private static final int WIDTH = 100;

    private final PrintWriter out;
    private final int steps;
    private final long start = System.nanoTime();
    private int step;
    private String title = "";

    /** @param steps how many there will be */
    Narrator(PrintWriter out, int steps) {
        this.out = out;
        this.steps = steps;
    }

    void title(String text) {
        out.println(text);
        out.println("=".repeat(text.length()));
    }

    /** A paragraph. */
    void say(String text) {
        say(0, text);
    }

    /** The next step begins. @param why what it is and why it matters */
    void step(String name, String why) {
        title = name;
        out.println();
        out.println(String.format(Locale.ROOT, "[%7.3f s]  %d/%d  %s", seconds(), ++step, steps, name));
        say(4, why);
    }

    /** The step that is under way, as the reader saw it announced. */
    String currentStep() {
        return step == 0 ? "preparation" : step + "/" + steps + " " + title;
    }

    void fact(String name, Object value) {
        out.println(String.format(Locale.ROOT, "      %-12s %s", name, value));
        out.flush();
    }

    void lines(List<String> lines) {
        lines.forEach(line -> out.println("    | " + line));
        out.flush();
    }

    /** An empty line. */
    void pause() {
        out.println();
    }

    double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
    }

    private void say(int indent, String text) {
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() + 1 + word.length() > WIDTH - indent) {
                out.println(" ".repeat(indent) + line);
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        out.println(" ".repeat(indent) + line);
        out.flush();
    }
}
