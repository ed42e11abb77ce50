package org.jbootd.app.leases;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jbootd.persistence.Auditor;

/** How an answer is shown. Ended by {@link #close}. */
public abstract class Printing implements Auditor.Rows, AutoCloseable {

    /** The forms there are. */
    public enum Form {
        TABLE,
        JSON,
        CSV
    }

    private List<String> names = List.of();
    private long count;

    public static Printing of(Form form, PrintWriter out) {
        return switch (form) {
            case TABLE -> new Table(out);
            case JSON -> new Json(out);
            case CSV -> new Csv(out);
        };
    }

    @Override
    public void columns(List<String> columns) {
        names = columns;
    }

    @Override
    public void row(List<Object> values) {
        count++;
        print(names, values);
    }

    /** Rows so far. */
    public long count() {
        return count;
    }

    abstract void print(List<String> columns, List<Object> values);

    @Override
    public abstract void close();

    /** For people: as wide as what is in it, by the first rows; columns without a value in these are left out. */
    private static final class Table extends Printing {

        private static final int LOOKAHEAD = 1_000;
        private static final String GAP = "  ";

        private final PrintWriter out;
        private final List<List<String>> held = new ArrayList<>();
        private List<String> names = List.of();
        private List<Integer> widths = List.of();

        Table(PrintWriter out) {
            this.out = out;
        }

        @Override
        void print(List<String> columns, List<Object> values) {
            List<String> cells = values.stream().map(Table::text).toList();
            names = columns;
            if (!widths.isEmpty()) {
                line(cells);
                return;
            }
            held.add(cells);
            if (held.size() == LOOKAHEAD) {
                begin();
            }
        }

        private static String text(Object value) {
            if (value == null) {
                return "";
            }
            return Boolean.TRUE.equals(value) ? "yes" : Boolean.FALSE.equals(value) ? "" : seconds(value.toString());
        }

        /** Nobody reads microseconds in a table; what is left is a time as {@link Moment} reads it. */
        private static String seconds(String text) {
            return text.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z")
                    ? text.substring(0, 19) + "Z"
                    : text.replaceAll("\\p{Cntrl}", "?");
        }

        private void begin() {
            widths = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                int column = i;
                int widest = held.stream()
                        .mapToInt(cells -> cells.get(column).length())
                        .max()
                        .orElse(0);
                widths.add(widest == 0 ? 0 : Math.max(widest, names.get(i).length()));
            }
            line(names);
            held.forEach(this::line);
            held.clear();
        }

        private void line(List<String> cells) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < cells.size(); i++) {
                if (widths.get(i) > 0) {
                    String cell = cells.get(i);
                    line.append(cell)
                            .append(" ".repeat(Math.max(0, widths.get(i) - cell.length())))
                            .append(GAP);
                }
            }
            out.println(line.toString().stripTrailing());
        }

        @Override
        public void close() {
            if (!held.isEmpty()) {
                begin();
            }
            out.flush();
        }
    }

    /** A list of objects. */
    private static final class Json extends Printing {

        private final JsonWriter json;
        private final PrintWriter out;

        Json(PrintWriter out) {
            this.out = out;
            this.json = new JsonWriter(out);
            json.setHtmlSafe(false);
            unchecked(json::beginArray);
        }

        @Override
        void print(List<String> columns, List<Object> values) {
            unchecked(() -> {
                json.beginObject();
                for (int i = 0; i < columns.size(); i++) {
                    json.name(columns.get(i));
                    value(values.get(i));
                }
                return json.endObject();
            });
        }

        private void value(Object value) throws IOException {
            if (value instanceof Number number) {
                json.value(number);
            } else if (value instanceof Boolean truth) {
                json.value(truth);
            } else {
                json.value((String) value);
            }
        }

        private interface Writing {
            Object write() throws IOException;
        }

        private static void unchecked(Writing writing) {
            try {
                writing.write();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            unchecked(json::endArray);
            out.println();
            out.flush();
        }
    }

    /** RFC 4180, with a line of names first. */
    private static final class Csv extends Printing {

        private final PrintWriter out;

        Csv(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void columns(List<String> columns) {
            super.columns(columns);
            line(columns);
        }

        @Override
        void print(List<String> columns, List<Object> values) {
            line(values);
        }

        private void line(List<?> values) {
            out.print(values.stream().map(Csv::cell).collect(Collectors.joining(",")));
            out.print("\r\n");
        }

        private static String cell(Object value) {
            String text = value == null ? "" : value.toString();
            return text.matches("[^,\"\r\n]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
        }

        @Override
        public void close() {
            out.flush();
        }
    }
}
