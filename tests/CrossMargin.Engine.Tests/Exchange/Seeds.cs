namespace CrossMargin.Engine.Tests.Exchange;

/// <summary>How many seeds a property runs: few by default, CROSSMARGIN_SEEDS for more; CROSSMARGIN_FIRST_SEED to start elsewhere.</summary>
internal static class Seeds
{
    public static ulong First => ulong.TryParse(Environment.GetEnvironmentVariable("CROSSMARGIN_FIRST_SEED"), out ulong first) ? first : 1;

    public static int Count(int byDefault) =>
        int.TryParse(Environment.GetEnvironmentVariable("CROSSMARGIN_SEEDS"), out int count) ? count : byDefault;

    /// <summary>Runs a property for each seed; a failure names the seed.</summary>
    public static void Run(int byDefault, Action<ulong> property)
    {
        for (int i = 0; i < Count(byDefault); i++)
        {
            ulong seed = First + (ulong)i;
            try
            {
                property(seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }
        }
    }
}
