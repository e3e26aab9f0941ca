using System.Text.Json;

namespace CrossMargin.Model;

/// <summary>Reads which other assets count as collateral, each with its market and its haircut slices.</summary>
internal static class CollateralReader
{
    /// <summary>
    /// The section's collateral; <paramref name="markets"/> null: a market had a fault, so whether one is missing is not judged.
    /// </summary>
    public static CollateralSpec Read(ProfileSection section, string settlement, List<MarketSpec>? markets)
    {
        bool enabled = section.Flag("enabled");
        Amount sellBelow = section.Money("sellBelow", long.MinValue + 1, "of at most 0", max: 0);
        Rate discount = section.Fraction("sellDiscount", 0, Rate.One - 1, "of at least 0 and below 1");
        var assets = new List<CollateralAsset>();
        if (section.Find("assets", true, out string path) is { } list)
        {
            if (list.ValueKind != JsonValueKind.Array) section.Errors.Wrong(path, list, "an array of assets");
            else ReadAssets(path, list, section.Errors, settlement, markets, assets);
        }

        return new CollateralSpec { Enabled = enabled, SellBelow = sellBelow, SellDiscount = discount, Assets = assets };
    }

    private static void ReadAssets(
        string listPath, JsonElement list, ProfileErrors errors, string settlement, List<MarketSpec>? markets, List<CollateralAsset> assets)
    {
        int index = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            string path = $"{listPath}[{index++}]";
            ProfileSection section = ProfileSection.Of(path, item, "", null, errors).Only("name", "market", "slices");
            string name = section.Text("name");
            string symbol = section.Text("market");
            if (name.Length > 0 && name == settlement)
                errors.Add($"{path}.name", $"\"{name}\" is the settlement asset, which always counts in full");
            if (assets.Exists(a => a.Name == name)) errors.Add($"{path}.name", $"\"{name}\" is listed twice");
            MarketSpec? market = markets?.Find(m => m.Symbol == symbol);
            if (markets is not null && market is null) errors.Add($"{path}.market", $"\"{symbol}\" is no market of this profile");
            if (market is not null && market.BaseAsset != name)
                errors.Add($"{path}.market", $"\"{symbol}\" prices {market.BaseAsset}, not {name}");
            List<CollateralSlice> slices = ReadSlices(section);
            assets.Add(new CollateralAsset(new AssetId(index), name, market?.Id ?? MarketId.None, slices));
        }
    }

    private static List<CollateralSlice> ReadSlices(ProfileSection asset)
    {
        var slices = new List<CollateralSlice>();
        if (asset.Find("slices", true, out string listPath) is not { } list) return slices;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            asset.Errors.Wrong(listPath, list, "an array of slices [\"upTo\", \"ratio\"]");
            return slices;
        }

        int index = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            string path = $"{listPath}[{index++}]";
            if (item.ValueKind != JsonValueKind.Array || item.GetArrayLength() != 2
                || !ProfileValues.TryE8(item[0], out long upTo) || upTo <= 0
                || !ProfileValues.TryE8(item[1], out long ratio) || ratio is <= 0 or > Rate.One)
            {
                string shown = item.ValueKind == JsonValueKind.Array ? item.GetRawText() : ProfileErrors.Show(item);
                asset.Errors.Add(path, $"{shown} is not a slice [\"upTo\" above 0, \"ratio\" above 0 and at most 1], exact in 1e-8");
                continue;
            }

            var slice = new CollateralSlice(new Amount(upTo), new Rate(ratio));
            if (slices.Count > 0 && slice.UpTo <= slices[^1].UpTo)
                asset.Errors.Add(path, $"upTo {slice.UpTo} is not above the previous {slices[^1].UpTo}");
            if (slices.Count > 0 && slice.Ratio > slices[^1].Ratio)
            {
                asset.Errors.Add(path,
                    $"ratio {slice.Ratio} is above the previous {slices[^1].Ratio}; a larger balance never counts for more");
            }

            slices.Add(slice);
        }

        return slices;
    }
}
