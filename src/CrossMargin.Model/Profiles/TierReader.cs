using System.Text.Json;

namespace CrossMargin.Model;

/// <summary>
/// Reads a market's tiers: each ["floor", "rate", maxLeverage], whose deduction follows from continuity, or
/// ["floor", "rate", "deduction", maxLeverage], whose deduction is checked, or an object with these names.
/// </summary>
internal static class TierReader
{
    public static TierTable? Read(ProfileSection market, bool flat)
    {
        Amount cap = market.Money("cap", 1, "above 0");
        if (market.Find("tiers", true, out string path) is not { } list) return null;
        ProfileErrors errors = market.Errors;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > 100)
        {
            errors.Wrong(path, list, "an array of 1 to 100 tiers");
            return null;
        }

        int before = errors.Reported;
        var tiers = new List<Tier>();
        foreach (JsonElement item in list.EnumerateArray()) tiers.Add(ReadTier($"{path}[{tiers.Count}]", item, flat, tiers, errors));
        if (errors.Reported > before) return null;
        var table = new TierTable(tiers, flat, cap);
        if (table.Validate() is not { } fault) return table;
        errors.Add(path, fault);
        return null;
    }

    private static Tier ReadTier(string path, JsonElement item, bool flat, List<Tier> above, ProfileErrors errors)
    {
        JsonElement floorValue, rateValue, leverageValue;
        JsonElement? deductionValue;
        if (item.ValueKind == JsonValueKind.Array && item.GetArrayLength() is 3 or 4)
        {
            int count = item.GetArrayLength();
            (floorValue, rateValue, leverageValue) = (item[0], item[1], item[count - 1]);
            deductionValue = count == 4 ? item[2] : null;
        }
        else if (item.ValueKind == JsonValueKind.Object)
        {
            var section = ProfileSection.Of(path, item, "", null, errors).Only("floor", "rate", "deduction", "maxLeverage");
            if (section.Find("floor", true, out _) is not { } f || section.Find("rate", true, out _) is not { } r
                || section.Find("maxLeverage", true, out _) is not { } m) return default;
            (floorValue, rateValue, leverageValue) = (f, r, m);
            deductionValue = section.Find("deduction", false, out _);
        }
        else
        {
            errors.Wrong(path, item, "a tier: [\"floor\", \"rate\", \"deduction\" (optional), maxLeverage] or an object");
            return default;
        }

        if (!ProfileValues.TryE8(floorValue, out long floor) || floor < 0)
            errors.Wrong(path, floorValue, "a floor: a decimal string of at least 0, exact in 1e-8");
        if (!ProfileValues.TryE8(rateValue, out long rate) || rate is <= 0 or > Rate.One)
            errors.Wrong(path, rateValue, "a maintenance rate: a decimal string above 0 and at most 1, exact in 1e-8");
        if (leverageValue.ValueKind != JsonValueKind.Number || !leverageValue.TryGetInt32(out int leverage) || leverage is < 1 or > 1000)
        {
            errors.Wrong(path, leverageValue, "a maximum leverage: a whole number from 1 to 1000");
            return default;
        }

        if (floor < 0 || rate is <= 0 or > Rate.One) return default;
        if (rate * leverage > Rate.One)
        {
            errors.Add(path, $"rate {new Rate(rate)} × maximum leverage {leverage} is above 1: "
                + "a position opened there would be liquidated at once");
        }

        return new Tier(new Amount(floor), new Rate(rate), ReadDeduction(path, deductionValue, floor, rate, flat, above, errors), leverage);
    }

    private static Amount ReadDeduction(
        string path, JsonElement? value, long floor, long rate, bool flat, List<Tier> above, ProfileErrors errors)
    {
        if (value is { } given)
        {
            if (ProfileValues.TryE8(given, out long e8) && e8 >= 0) return new Amount(e8);
            errors.Wrong(path, given, "a deduction: a decimal string of at least 0, exact in 1e-8");
            return Amount.Zero;
        }

        if (flat || above.Count == 0) return Amount.Zero;
        Tier last = above[^1];
        Int128 product = (Int128)last.Deduction.E8 * Rate.One + (Int128)floor * (rate - last.Rate.E8);
        if (product >= 0 && product % Rate.One == 0 && product / Rate.One <= long.MaxValue) return new Amount((long)(product / Rate.One));
        errors.Add(path, $"the deduction that continuity asks for, {DecimalText.Format(product, 16)}, "
            + "is not an amount of at least 0, whole in 1e-8");
        return Amount.Zero;
    }
}
