(module
  (memory (export "memory") 3)
  ;; How many bits differ between the $stride bytes at $query and those at $row.
  (func $differing (param $query i32) (param $row i32) (param $stride i32) (result i32)
    (local $at i32) (local $sum v128)
    (loop $part
      (local.set $sum (i16x8.add (local.get $sum)
        (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor
          (v128.load (i32.add (local.get $row) (local.get $at)))
          (v128.load (i32.add (local.get $query) (local.get $at))))))))
      (br_if $part (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $stride))))
    (local.set $sum (i32x4.extadd_pairwise_i16x8_u (local.get $sum)))
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $sum)) (i32x4.extract_lane 1 (local.get $sum)))
      (i32.add (i32x4.extract_lane 2 (local.get $sum)) (i32x4.extract_lane 3 (local.get $sum)))))
  ;; Adds $more to the 32-bit number of $distance at $having.
  (func $count (param $having i32) (param $distance i32) (param $more i32)
    (local $at i32)
    (local.set $at (i32.add (local.get $having) (i32.shl (local.get $distance) (i32.const 2))))
    (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (local.get $more))))
  ;; Of each of $count rows from $rows the distance, at $out as 16-bit numbers; counted at $having where the byte of the row at
  ;; $mask is 1.
  (func (export "all") (param $query i32) (param $rows i32) (param $count i32) (param $stride i32) (param $mask i32)
    (param $out i32) (param $having i32)
    (local $distance i32)
    (block $done
      (loop $row
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $distance (call $differing (local.get $query) (local.get $rows) (local.get $stride)))
        (i32.store16 (local.get $out) (local.get $distance))
        (call $count (local.get $having) (local.get $distance) (i32.load8_u (local.get $mask)))
        (local.set $rows (i32.add (local.get $rows) (local.get $stride)))
        (local.set $mask (i32.add (local.get $mask) (i32.const 1)))
        (local.set $out (i32.add (local.get $out) (i32.const 2)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $row))))
  ;; The same of the $count rows whose 32-bit numbers are at $list.
  (func (export "some") (param $query i32) (param $rows i32) (param $count i32) (param $stride i32) (param $list i32)
    (param $out i32) (param $having i32)
    (local $distance i32)
    (block $done
      (loop $row
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $distance (call $differing (local.get $query)
          (i32.add (local.get $rows) (i32.mul (i32.load (local.get $list)) (local.get $stride)))
          (local.get $stride)))
        (i32.store16 (local.get $out) (local.get $distance))
        (call $count (local.get $having) (local.get $distance) (i32.const 1))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (local.set $out (i32.add (local.get $out) (i32.const 2)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $row))))
)
