using System.Diagnostics.CodeAnalysis;

namespace CrossMargin.Model;

/// <summary>
/// What reading a profile gave: the profile, or at least one error. Each error is one line: source, JSON path, the value found and
/// what was expected. Errors come in the order of the profile's fields.
/// </summary>
public sealed class ProfileReadResult
{
    internal ProfileReadResult(VenueProfile? profile, IReadOnlyList<string> errors)
    {
        Profile = profile;
        Errors = errors;
    }

    /// <summary>The profile; null exactly when there are errors.</summary>
    public VenueProfile? Profile { get; }

    public IReadOnlyList<string> Errors { get; }

    [MemberNotNullWhen(true, nameof(Profile))]
    public bool IsValid => Profile is not null;
}
