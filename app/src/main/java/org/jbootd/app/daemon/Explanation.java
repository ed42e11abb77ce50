package org.jbootd.app.daemon;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Why a machine would be answered as it would, fact by fact in the order in which they are decided. */
public final class Explanation {

    /** @param why may be empty */
    public record Fact(String topic, String what, String why) {}

    private final List<Fact> facts = new ArrayList<>();

    void add(String topic, String what, String why) {
        facts.add(new Fact(topic, what, why));
    }

    public List<Fact> facts() {
        return List.copyOf(facts);
    }

    /** A line for each fact. */
    public List<String> lines() {
        return facts.stream()
                .map(fact -> fact.topic() + ": " + fact.what() + (fact.why().isEmpty() ? "" : " (" + fact.why() + ")"))
                .toList();
    }

    /** An object with a list of {@code {"what": …, "why": …}} for each topic. */
    public String json() {
        Map<String, List<String>> topics = new LinkedHashMap<>();
        facts.forEach(fact -> topics.computeIfAbsent(fact.topic(), unseen -> new ArrayList<>())
                .add("{\"what\": " + quoted(fact.what()) + ", \"why\": " + quoted(fact.why()) + "}"));
        List<String> members = new ArrayList<>();
        topics.forEach((topic, values) -> members.add("  " + quoted(topic) + ": [" + String.join(", ", values) + "]"));
        return "{\n" + String.join(",\n", members) + "\n}";
    }

    /** A JSON string. */
    public static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
