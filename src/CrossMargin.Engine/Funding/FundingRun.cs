using CrossMargin.Engine.Markets;
using CrossMargin.Model;

namespace CrossMargin.Engine.Funding;

/// <summary>
/// The payments of one settlement that are still to be sent. All were fixed and booked in the step of the settlement; they leave in
/// account id, then leg order, a slice at a time, and whoever is about to be told something else is paid first.
/// </summary>
internal sealed class FundingRun(MarketId market)
{
    private const int BytesPerPayment = 4 + 1 + 8 + 8;

    private Payment[] _payments = [];
    private int _count;
    private int _next;
    private Rate _rate;
    private Price _mark;
    private Timestamp _time;

    /// <summary>Whether payments are still to be sent.</summary>
    public bool IsOpen => _next < _count;

    /// <summary>Starts an empty run; the run before has been sent whole.</summary>
    public void Begin(Rate rate, Price mark, Timestamp time)
    {
        InvariantViolation.Check(!IsOpen, "1: a funding settlement begins while payments of the last are not sent");
        (_count, _next, _rate, _mark, _time) = (0, 0, rate, mark, time);
    }

    /// <summary>Adds a payment (positive: received), in account id, then leg order.</summary>
    public void Add(in Holding holder, Amount amount)
    {
        if (_count == _payments.Length) Array.Resize(ref _payments, Math.Max(64, _count * 2));
        _payments[_count++] = new Payment(holder.Account, holder.Side, holder.Quantity, amount, IsDue: true);
    }

    /// <summary>Pays one account's legs that have not been paid.</summary>
    public void PayFirst(AccountId account, MarketPost post)
    {
        int i = FirstOf(account);
        for (; i < _count && _payments[i].Account == account; i++) Pay(i, post);
        SkipPaid();
    }

    /// <summary>Pays the next <paramref name="legs"/>.</summary>
    public void PaySlice(int legs, MarketPost post)
    {
        for (int i = 0; i < legs && IsOpen; i++)
        {
            Pay(_next, post);
            SkipPaid();
        }
    }

    /// <summary>Money that is booked and not yet sent: positive is to be received by holders.</summary>
    public Int128 Unsent
    {
        get
        {
            Int128 sum = 0;
            for (int i = _next; i < _count; i++) sum += _payments[i].IsDue ? _payments[i].Amount.E8 : 0;
            return sum;
        }
    }

    public void Write(StateWriter writer)
    {
        int due = 0;
        for (int i = _next; i < _count; i++) due += _payments[i].IsDue ? 1 : 0;
        writer.WriteInt32(due);
        if (due == 0) return;
        writer.WriteRate(_rate);
        writer.WritePrice(_mark);
        writer.WriteTimestamp(_time);
        for (int i = _next; i < _count; i++)
        {
            ref readonly Payment p = ref _payments[i];
            if (!p.IsDue) continue;
            writer.WriteInt32(p.Account.Value);
            writer.WriteByte((byte)p.Side);
            writer.WriteQuantity(p.Quantity);
            writer.WriteAmount(p.Amount);
        }
    }

    public void Read(StateReader reader)
    {
        (_count, _next) = (0, 0);
        int count = reader.ReadCount(BytesPerPayment);
        if (count == 0) return;
        Begin(reader.ReadRate(), reader.ReadPrice(), reader.ReadTimestamp());
        for (int i = 0; i < count; i++)
        {
            var holder = new Holding
            {
                Account = new AccountId(reader.ReadInt32()),
                Side = (PositionSide)reader.ReadByte(),
                Quantity = reader.ReadQuantity(),
            };
            Add(holder, reader.ReadAmount());
        }
    }

    private void Pay(int i, MarketPost post)
    {
        ref Payment p = ref _payments[i];
        if (!p.IsDue) return;
        p = p with { IsDue = false };
        post.SendUnordered(p.Account, new FundingPayment
        {
            Amount = p.Amount,
            Rate = _rate,
            Mark = _mark,
            FundingTime = _time,
            Quantity = p.Quantity,
            Market = market,
            PositionSide = p.Side,
        });
    }

    private void SkipPaid()
    {
        while (_next < _count && !_payments[_next].IsDue) _next++;
    }

    private int FirstOf(AccountId account)
    {
        int low = _next;
        int high = _count;
        while (low < high)
        {
            int middle = low + (high - low) / 2;
            if (_payments[middle].Account.CompareTo(account) < 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private readonly record struct Payment(AccountId Account, PositionSide Side, Quantity Quantity, Amount Amount, bool IsDue);
}
