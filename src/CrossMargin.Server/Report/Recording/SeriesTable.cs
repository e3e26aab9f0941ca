using CrossMargin.Model;

namespace CrossMargin.Server.Report.Recording;

/// <summary>Points over time: whole numbers in rows of one width, in one growing array. Equal tables write equal bytes.</summary>
public sealed class SeriesTable(int columns)
{
    private long[] _cells = new long[columns * 64];

    public int Columns { get; } = columns;

    public int Rows { get; private set; }

    public long this[int row, int column] => _cells[row * Columns + column];

    /// <summary>A new last row, all zero, to be filled in.</summary>
    public Span<long> Add()
    {
        int start = Rows * Columns;
        if (start + Columns > _cells.Length) Array.Resize(ref _cells, _cells.Length * 2);
        Rows++;
        return _cells.AsSpan(start, Columns);
    }

    public long[] Column(int column)
    {
        long[] values = new long[Rows];
        for (int row = 0; row < values.Length; row++) values[row] = this[row, column];
        return values;
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt32(Columns);
        writer.WriteInt32(Rows * Columns);
        foreach (long cell in _cells.AsSpan(0, Rows * Columns)) writer.WriteInt64(cell);
    }

    public void Read(StateReader reader)
    {
        int columns = reader.ReadInt32();
        if (columns != Columns) throw reader.Fault($"series of {columns} columns, the run has {Columns}");
        int cells = reader.ReadCount(8);
        if (cells % Columns != 0) throw reader.Fault($"{cells} cells in rows of {Columns}");
        _cells = new long[Math.Max(cells, Columns * 64)];
        Rows = cells / Columns;
        for (int i = 0; i < cells; i++) _cells[i] = reader.ReadInt64();
    }
}
