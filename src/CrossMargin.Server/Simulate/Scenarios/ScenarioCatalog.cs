namespace CrossMargin.Server.Simulate.Scenarios;

/// <summary>The scripted runs that come with the program.</summary>
public static class ScenarioCatalog
{
    public static IReadOnlyList<Scenario> All { get; } = [AdlScenario.Create(), DeficitScenario.Create()];

    public static Scenario Find(string option, string name) =>
        All.FirstOrDefault(s => s.Name == name)
        ?? throw new BadInputException($"{option}: '{OptionText.Shown(name)}' is none of {string.Join(", ", All.Select(s => s.Name))}");
}
