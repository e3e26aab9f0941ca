using CrossMargin.Grains;
using CrossMargin.Grains.Contracts;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
// Your application's silo with an exchange in it. Against silos of their own: UseOrleansClient, and the same calls.
int port = args.Length > 0 ? int.Parse(args[0]) : 11111;
using IHost host = Host.CreateDefaultBuilder().UseOrleans(silo => silo
    .UseLocalhostClustering(port, port + 1).AddMemoryGrainStorage("crossmargin").AddCrossMargin()).Build();
await host.StartAsync();
IClusterClient client = host.Services.GetRequiredService<IClusterClient>();
MarketSpec market = VenueProfiles.Binance.Markets[0]; // BTCUSDT
var me = new AccountId(1);
IAccountGrain account = client.GetGrain<IAccountGrain>(me.Value);
long commands = 0;
// A command is done once, however often it is handed in under its id.
Task<CommandAnswer> DoAsync<T>(T body) where T : unmanaged, IPayload<T, MessageKind> =>
    account.Submit(Message.Of(ActorId.Client, ActorId.Of(me), new CommandId(++commands), body), []);
// Accounts are open for business when every market has a price; your feed would say them again each second.
await client.GetGrain<IFeedGrain>(0).Push([.. VenueProfiles.Binance.Markets.Select(m => new PushedPrice(m.Id.Value, m.MaxPrice.Units / 100, 0))]);
await DoAsync(new OpenAccount { MakerFee = new Rate(20_000), TakerFee = new Rate(50_000) }); // 0.02 %, 0.05 %
await DoAsync(new Deposit { Amount = new Amount(10_000_00000000) });
market.TryParsePrice("45000", DecimalRounding.Exact, out Price limit);
var order = new PlaceOrder { Market = market.Id, Side = Side.Buy, Type = OrderType.Limit, TimeInForce = TimeInForce.Gtc, Price = limit, Quantity = new(10) };
CommandAnswer answer = await DoAsync(order);
AccountSnapshot read = (await account.Read())!;
Console.WriteLine($"{answer.Refusal}; {read.Orders.Count} open order of {read.Id}, available {read.Available}");
await host.StopAsync();
return read.Orders.Count == 1 ? 0 : 1;
