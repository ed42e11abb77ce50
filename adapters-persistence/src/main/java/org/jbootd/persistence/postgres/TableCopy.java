package org.jbootd.persistence.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * The rows of a table of the embedded database, in the table of the same name here, whose columns are called alike. They go over in
 * pages, so that a long history needs no more memory than a short one.
 */
final class TableCopy {

    /** A key that rows get anew, in their order. */
    static final String GENERATED = "id";

    private static final int PAGE = 1_000;

    private final Handle from;
    private final Handle to;
    private final String table;
    private final String key;

    private List<String> columns = List.of();

    /** @param key a number, above 0 */
    TableCopy(Handle from, Handle to, String table, String key) {
        this.from = from;
        this.to = to;
        this.table = table;
        this.key = key;
    }

    /** @return how many */
    long copy() throws SQLException {
        long copied = 0;
        long last = 0;
        List<List<Object>> page = page(last);
        while (!page.isEmpty()) {
            write(page);
            copied += page.size();
            last = ((Number) page.get(page.size() - 1).get(columns.indexOf(key))).longValue();
            page = page(last);
        }
        return copied;
    }

    private List<List<Object>> page(long after) throws SQLException {
        String sql =
                "SELECT * FROM %s WHERE %s > ? ORDER BY %s FETCH FIRST %d ROWS ONLY".formatted(table, key, key, PAGE);
        try (PreparedStatement statement = from.getConnection().prepareStatement(sql)) {
            statement.setLong(1, after);
            try (ResultSet rows = statement.executeQuery()) {
                columns = names(rows);
                List<List<Object>> page = new ArrayList<>();
                while (rows.next()) {
                    page.add(values(rows));
                }
                return page;
            }
        }
    }

    private static List<String> names(ResultSet rows) throws SQLException {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            names.add(rows.getMetaData().getColumnName(i).toLowerCase(Locale.ROOT));
        }
        return names;
    }

    private List<Object> values(ResultSet rows) throws SQLException {
        List<Object> values = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
            Object value = rows.getObject(i);
            // no text of PostgreSQL has it
            values.add(value instanceof String text ? text.replace('\0', '\uFFFD') : value);
        }
        return values;
    }

    private void write(List<List<Object>> page) throws SQLException {
        List<Integer> written = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (!columns.get(i).equals(GENERATED)) {
                written.add(i);
            }
        }
        String sql = "INSERT INTO %s (%s) VALUES (%s)"
                .formatted(
                        table,
                        written.stream().map(columns::get).collect(Collectors.joining(", ")),
                        String.join(", ", Collections.nCopies(written.size(), "?")));
        try (PreparedStatement statement = to.getConnection().prepareStatement(sql)) {
            for (List<Object> row : page) {
                for (int i = 0; i < written.size(); i++) {
                    statement.setObject(i + 1, row.get(written.get(i)));
                }
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
