package org.jbootd.persistence;

import java.util.Collections;

/**
 * A statement for rows of a table.
 *
 * @param forEach with the values of one row
 * @param forAll the same for PostgreSQL, with the values of all rows: an array for each column
 */
record RowStatement(String forEach, String forAll) {

    /** @param columns with commas between them */
    static RowStatement insertion(String table, String columns) {
        String marks = String.join(", ", Collections.nCopies(columns.split(",").length, "?"));
        String insertion = "INSERT INTO " + table + " (" + columns + ") ";
        return new RowStatement(
                insertion + "VALUES (" + marks + ")", insertion + "SELECT * FROM UNNEST(" + marks + ")");
    }
}
