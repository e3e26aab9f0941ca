using CrossMargin.Model;

namespace CrossMargin.Hosting.Delivery;

/// <summary>
/// One writer of each thread, for records whose length is only known when they are written: the caller copies what it keeps, and is done
/// before anybody else on its thread takes it.
/// </summary>
internal static class ScratchWriter
{
    private const int MostKept = 1 << 20; // a large snapshot is rare

    [ThreadStatic]
    private static StateWriter? s_writer;

    public static StateWriter Take()
    {
        if (s_writer is null || s_writer.Length > MostKept) s_writer = new StateWriter(16 * 1024);
        s_writer.Clear();
        return s_writer;
    }
}
